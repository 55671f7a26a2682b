# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...groupbuy.judging import DIVERTED, MINOR
from ..violation.distributor_violation import OPEN
from .distributor_groupbuy_verification import BAD

# The case is over: what it held is free, or was dealt with by its outcome.
OVER = ("lifted", "dismissed", "closed")


class DistributorGroupbuy(models.Model):
    """What follows when a group-buy is not what was filed: a case, a hold, a question."""

    _inherit = "distributor.groupbuy"

    violation_id = fields.Many2one(
        comodel_name="distributor.violation",
        string="Case",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    is_held = fields.Boolean(
        string="Rewards Held",
        compute="_compute_is_held",
        store=True,
        help="Rebates, earnings and rewards wait until the case is over.",
    )
    turned_up_at = fields.Datetime(
        string="Turned Up Elsewhere On",
        readonly=True,
        copy=False,
        help="When a case was opened because its goods were seen at another place.",
    )
    released_at = fields.Datetime(string="Released On", readonly=True, copy=False)
    released_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    release_note = fields.Text(string="Reason of the Release", copy=False)
    explain_until = fields.Date(readonly=True, copy=False)
    explanation = fields.Text(readonly=True, copy=False)
    explained_at = fields.Datetime(string="Explained On", readonly=True, copy=False)
    advantage = fields.Monetary(
        string="Saved by Group-buy Prices",
        readonly=True,
        copy=False,
        help="What the order would cost more at the usual prices, without tax.",
    )
    currency_id = fields.Many2one(related="order_id.currency_id")

    _held_idx = models.Index("(partner_id) WHERE is_held")

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {
            "violation_id",
            "turned_up_at",
            "released_at",
            "released_by_id",
            "explain_until",
            "explanation",
            "explained_at",
            "advantage",
        }

    @api.depends("result", "turned_up_at", "violation_id.state", "released_at")
    def _compute_is_held(self):
        for groupbuy in self:
            groupbuy.is_held = (
                (groupbuy.result in BAD or groupbuy.turned_up_at)
                and not groupbuy.released_at
                and groupbuy.violation_id.state not in OVER
            )

    def _get_open_case(self):
        """Return the case that is not decided yet, or none."""
        return self.violation_id.filtered(lambda case: case.state in OPEN)

    def _open_case(self, findings):
        """Open a case, hold what depends on it, and ask the distributor why.

        Where goods turned up elsewhere before, their case is joined.
        """
        me = self.sudo()  # whoever verified
        reports = me._prepare_foreign_reports()
        if case := me._get_open_case():
            facts = f"{me.name}, {me.order_id.name}\n{me.findings}"
            case._add_facts(facts, me.use_ids.evidence_ids)
        else:
            reports = [me._prepare_report(findings), *reports]
        violations = me.env["distributor.violation"]._report(reports)
        self._set(violation_id=(case or violations[:1]).id)
        is_asked = case and me.explain_until
        if is_asked and all(
            finding.kind == "elsewhere" or finding.level <= MINOR
            for finding in findings
        ):
            return
        me._ask_why(
            me.env._("Your group-buy %(name)s is not as it was filed.", name=me.name)
        )

    def _ask_why(self, what):
        """Ask the distributor to explain; what he said before stays in the chatter.

        :param what: what was found, a sentence
        """
        if self.explanation:
            self.message_post(
                body=self.env._("Explained before: %s", self.explanation),
                subtype_xmlid="mail.mt_note",
            )
        today = fields.Date.context_today(self)
        self._set(
            explain_until=fields.Date.add(today, days=self.policy_id.explain_days),
            explanation=False,
            explained_at=False,
        )
        self._tell_partner(
            self.env._(
                "%(what)s Please explain it until %(day)s on the portal: %(url)s",
                what=what,
                day=self.explain_until,
                url=f"{self.get_base_url()}/my/groupbuys/{self.id}",
            )
        )

    def _prepare_report(self, findings):
        percent = [
            float(finding.facts["percent"])
            for finding in findings
            if finding.kind == "goods"
        ]
        is_diverted = any(finding.level == DIVERTED for finding in findings)
        others = self.use_ids.code_ids.filtered(lambda code: code.outcome == "foreign")
        return {
            "policy": "diversion" if is_diverted else "groupbuy_mismatch",
            "partner_id": self.partner_id.id,
            "second_partner_id": others[:1].owner_id.id,
            "company_id": self.company_id.id,
            "occurred_at": self.verified_at,
            "source": self,
            "facts": f"{self.name}, {self.order_id.name}\n{self.findings}",
            "severity": len(others) if is_diverted else sum(percent),
            "amount": self.advantage if self.policy_id.claw_back else None,
            "currency_id": self.currency_id.id,
            "store_id": self.order_id.store_id.id,
            "lot_id": others[:1].lot_id.id,
            "evidence_ids": self.use_ids.evidence_ids.ids,
        }

    def _prepare_foreign_reports(self):
        """Return a report on each other distributor whose goods turned up here."""
        codes = self.use_ids.code_ids.filtered(
            lambda code: code.outcome == "foreign" and code.owner_id.is_distributor
        )
        return [
            {
                "policy": "diversion",
                "partner_id": owner.id,
                "second_partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "occurred_at": self.verified_at,
                "source": group[0],
                "facts": self.env._(
                    "Goods delivered to %(owner)s turned up at a group-buy of others: "
                    "%(codes)s",
                    owner=owner.name,
                    codes=", ".join(group.mapped("name")),
                ),
                "severity": len(group),
                "product_id": group[0].product_id.id,
                "lot_id": group[0].lot_id.id,
            }
            for owner, group in codes.grouped("owner_id").items()
        ]

    def _explain(self, text):
        """Take in what the distributor says; who he is was checked by the caller.

        :raises UserError: nothing is asked, or nothing is said
        """
        self.ensure_one()
        if not self.explain_until or not self.is_held:
            raise UserError(self.env._("There is nothing to explain."))
        if not (text or "").strip():
            raise UserError(self.env._("Write what happened."))
        self._set(explanation=text.strip(), explained_at=fields.Datetime.now())
        manager = self.account_manager_id
        if manager:
            self.sudo().activity_schedule(  # the answer comes from outside
                "mail.mail_activity_data_todo",
                summary=self.env._("Read the explanation of the group-buy"),
                user_id=manager.id,
            )

    def action_release(self):
        """Let go what is held although the case is not over; sales managers alone.

        :raises UserError: there is no reason
        """
        self._check_decider()
        self._lock()
        for groupbuy in self.filtered("is_held"):
            if not (groupbuy.release_note or "").strip():
                raise UserError(self.env._("Enter the reason of the release first."))
            groupbuy._set(
                released_at=fields.Datetime.now(), released_by_id=self.env.uid
            )
        return True

    def _is_final(self):
        """Whether prices, gifts and rewards of this group-buy stand."""
        self.ensure_one()
        return self.state == "verified" and not self.is_held

    def action_view_violation(self):
        """Open the case."""
        return self.violation_id._get_records_action()

    @api.model
    def _get_held(self, partners, company):
        """Return the group-buys that hold distributors, in one query."""
        # Who is held does not depend on who asks.
        return self.sudo().search_fetch(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", company.id),
                ("is_held", "=", True),
            ],
            ["name", "partner_id"],
        )

    def write(self, vals):
        if "release_note" in vals and not self.env.su:
            if not self.env.user.has_group("distributor_crm.group_sales_manager"):
                raise AccessError(self.env._("Sales managers release what is held."))
        return super().write(vals)
