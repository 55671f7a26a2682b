# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

BATCH = 100


class DistributorAuthorization(models.Model):
    """The duties that come with an authorization."""

    _inherit = "distributor.authorization"

    duty_ids = fields.One2many(
        comodel_name="distributor.authorization.duty",
        inverse_name="authorization_id",
        string="Duties",
    )
    duty_count = fields.Integer(compute="_compute_duty_count")
    open_duty_count = fields.Integer(
        string="Open Duties", compute="_compute_duty_count"
    )

    @api.depends("duty_ids.state")
    def _compute_duty_count(self):
        counts = {}
        for record, state, number in self.env[
            "distributor.authorization.duty"
        ]._read_group(
            [("authorization_id", "in", self.ids)],
            ["authorization_id", "state"],
            ["__count"],
        ):
            total, waiting = counts.get(record, (0, 0))
            is_open = state in ("open", "proved", "overdue")
            counts[record] = total + number, waiting + is_open * number
        for record in self:
            record.duty_count, record.open_duty_count = counts.get(record, (0, 0))

    def action_view_duties(self):
        """Open the duties of these authorizations."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_authorization_duty_action"
        )
        domain = [("authorization_id", "in", self.ids)]
        return {**action, "domain": domain, "context": {"create": False}}

    def _create_duties(self):
        """Give shops the duties of the policy; who renews has listed already."""
        vals_list = []
        for record in self.filtered(lambda r: r.shop_id or r.store_id):
            policy = record.env["distributor.authorization.policy"]._find(
                record.company_id
            )
            given = record.duty_ids.mapped("kind")
            for line in policy.duty_ids:
                is_renewed = record.renews_id and line.kind in ("listing", "own_words")
                if line.kind not in given and not is_renewed:
                    vals_list.append(record._prepare_duty_vals(line))
        return self.env["distributor.authorization.duty"].create(vals_list)

    def _prepare_duty_vals(self, line):
        """Return the values of a duty.

        :param line: the line of the policy
        """
        start = max(self.date_from, fields.Date.context_today(self))
        due, task = start + timedelta(days=line.days), None
        if line.kind in ("listing", "own_words"):
            task = self.env["distributor.listing.task"].search(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("state", "in", ("open", "declared", "overdue")),
                ],
                order="due desc, id desc",
                limit=1,
            )
        if line.kind == "listing":
            # The company's own count of days for listings, where it has one (R169).
            policy = self.env["distributor.listing.policy"]._find(self.company_id)
            if policy:
                due = policy._add_days(start, policy.days)
        return {
            "authorization_id": self.id,
            "kind": line.kind,
            "due": due,
            "listing_task_id": task.id if task else False,
        }


class DistributorAuthorizationDuty(models.Model):
    """Asking for proofs, warning, and what follows when none comes."""

    _inherit = "distributor.authorization.duty"

    warn_from = fields.Date(compute="_compute_days", store=True)
    follows_from = fields.Date(compute="_compute_days", store=True)
    repeat_on = fields.Date(compute="_compute_days", store=True, index="btree_not_null")

    @api.depends("due", "kind", "company_id", "state", "proved_at")
    def _compute_days(self):
        Policy = self.env["distributor.authorization.policy"]
        for company, duties in self.grouped("company_id").items():
            lines = {line.kind: line for line in Policy._find(company).duty_ids}
            for duty in duties:
                line = lines.get(duty.kind)
                due, proved = duty.due, duty.proved_at
                warn, grace = (line.warn_days, line.grace_days) if line else (0, 0)
                duty.warn_from = due and due - timedelta(days=warn)
                duty.follows_from = due and due + timedelta(days=grace)
                again = line.repeat_days if line else 0
                repeats = again and proved and duty.state == "done"
                duty.repeat_on = repeats and proved.date() + timedelta(days=again)

    @api.model
    def _cron_follow(self):
        """Ask, warn, and let follow what the policy says; each step once.

        Broken off, it goes on where it was.
        """
        today = fields.Date.context_today(self)
        waiting = Domain("state", "=", "open")
        steps = (
            (waiting & Domain("asked_on", "=", False), self.browse()._ask),
            (
                waiting
                & Domain("warned_on", "=", False)
                & Domain("warn_from", "<=", today)
                & Domain("due", ">=", today),
                self.browse()._warn,
            ),
            (waiting & Domain("due", "<", today), self.browse()._fall_due),
            (
                Domain("state", "=", "overdue") & Domain("follows_from", "<=", today),
                self.browse()._follow,
            ),
            (
                Domain("state", "=", "done") & Domain("repeat_on", "<=", today),
                self.browse()._repeat,
            ),
        )
        for domain, work in steps:
            while duties := self.search(domain, limit=BATCH, order="id"):
                work(duties)
                left = self.search_count(domain)
                if not self.env["ir.cron"]._commit_progress(
                    len(duties), remaining=left
                ):
                    return

    @api.model
    def _ask(self, duties):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        duties._set(asked_on=fields.Date.context_today(self))
        # One mail a shop, whatever number of duties it has.
        for authorization, asked in duties.grouped("authorization_id").items():
            authorization._tell_partner(
                self.env._(
                    "Please show us on the portal, under Duties of My Shops, for "
                    "%(shop)s: %(duties)s.",
                    shop=authorization._get_label(),
                    duties="; ".join(
                        self.env._(
                            "%(duty)s until %(day)s",
                            duty=kinds[duty.kind],
                            day=format_date(self.env, duty.due),
                        )
                        for duty in asked
                    ),
                )
            )

    @api.model
    def _warn(self, duties):
        duties._set(warned_on=fields.Date.context_today(self))
        for duty in duties:
            duty._tell_partner(
                self.env._(
                    "We have no proof yet; the last day is %s. What follows else is in "
                    "the agreement.",
                    format_date(self.env, duty.due),
                )
            )

    @api.model
    def _fall_due(self, duties):
        done = duties.filtered(lambda d: d.listing_task_id.state == "done")
        done = done.filtered(lambda d: d.kind == "listing")
        done._set(state="done", proved_at=fields.Datetime.now())
        late = duties - done
        late._set(state="overdue")
        for duty in late:
            duty._tell_partner(self.env._("The last day for the proof has passed."))

    @api.model
    def _follow(self, duties):
        for duty in duties:
            line = duty._get_terms()
            consequence = line.consequence if line else "none"
            # A reminder alone leaves the duty with who is in charge.
            duty._set(state="breach")
            if consequence == "report":
                duty._report_breach()
            elif consequence == "withdraw":
                duty._propose_to_withdraw()
            elif duty.user_id:
                duty.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=self.env._("No proof came: talk to the distributor"),
                    user_id=duty.user_id.id,
                )

    def _describe_breach(self):
        """Return what happened, for the case and the manager."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(duty)s: no proof for %(shop)s until %(day)s, asked on %(asked)s, warned "
            "on %(warned)s.",
            duty=kinds[self.kind],
            shop=self.authorization_id._get_label(),
            day=format_date(self.env, self.due),
            asked=format_date(self.env, self.asked_on) or "-",
            warned=format_date(self.env, self.warned_on) or "-",
        )

    def _report_breach(self):
        """Open a case of the breach; one duty opens one case.

        A list of shops that was not confirmed is no shop that was found undeclared.
        """
        return self.env["distributor.violation"]._report(
            [
                {
                    "policy": "listing_duty",
                    "partner_id": duty.partner_id.id,
                    "company_id": duty.company_id.id,
                    "occurred_at": fields.Datetime.to_datetime(
                        duty.due + timedelta(days=1)
                    ),
                    "source": duty,
                    "facts": duty._describe_breach(),
                    "severity": 0.0,
                    "store_id": duty.authorization_id.store_id.id,
                    "evidence_ids": duty.evidence_ids.ids,
                }
                for duty in self
            ]
        )

    def _propose_to_withdraw(self):
        authorization = self.authorization_id
        if authorization.state in ("upcoming", "in_force", "expiring"):
            authorization._propose_withdrawal(self._describe_breach())

    @api.model
    def _repeat(self, duties):
        """Ask anew for what is to be shown regularly."""
        today = fields.Date.context_today(self)
        duties._set(state="closed")
        standing = duties.filtered(
            lambda d: d.authorization_id.state in ("in_force", "expiring")
        )
        # What comes with an authorization is given by the company, not by a user.
        self.sudo().create(
            [
                {
                    "authorization_id": duty.authorization_id.id,
                    "kind": duty.kind,
                    "due": today + timedelta(days=duty._get_terms().days or 5),
                }
                for duty in standing
            ]
        )
