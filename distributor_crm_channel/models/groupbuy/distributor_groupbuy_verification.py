# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...groupbuy import RESULTS, Code, Use, get_result, judge

GOOD = ("consistent", "minor")
BAD = ("inconsistent", "diverted")


class DistributorGroupbuy(models.Model):
    """The verdict: what was filed and delivered against what was found (R042)."""

    _inherit = "distributor.groupbuy"

    result = fields.Selection(
        selection=[
            ("pending", "Pending"),
            ("consistent", "Consistent"),
            ("minor", "Minor Variance"),
            ("inconsistent", "Inconsistent"),
            ("diverted", "Diverted"),
        ],
        required=True,
        readonly=True,
        default="pending",
        copy=False,
        index=True,
        tracking=True,
    )
    findings = fields.Text(readonly=True, copy=False)
    verified_at = fields.Datetime(string="Verified On", readonly=True, copy=False)
    verified_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    photo_count = fields.Integer(
        string="Photos", compute="_compute_photo_count", compute_sudo=False
    )
    reported_count = fields.Integer(
        string="Uses Reported", compute="_compute_reported_count"
    )

    _verified_has_result = models.Constraint(
        "CHECK((state = 'verified') = (result <> 'pending'))",
        "A verified group-buy has a result.",
    )

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {
            "result",
            "findings",
            "verified_at",
            "verified_by_id",
        }

    def _compute_reported_count(self):
        for groupbuy in self:
            groupbuy.reported_count = len(groupbuy.use_ids.filtered("reported_at"))

    def _compute_photo_count(self):
        for groupbuy in self:
            groupbuy.photo_count = sum(groupbuy.use_ids.mapped("evidence_count"))

    def action_view_use_evidence(self):
        """Open the photos of all uses."""
        return self.use_ids.action_view_evidence()

    def action_verify(self):
        """Judge group-buys by what was reported of all their uses.

        :raises UserError: a use is not reported, and there is time left to do so
        """
        self._check_verifier()
        self._lock()
        self._check_state("shipped")
        for groupbuy in self:
            groupbuy._check_ready()
            groupbuy._verify()
        return True

    def _check_verifier(self):
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_account_manager"):
            raise AccessError(self.env._("Account managers verify group-buys."))

    def _check_ready(self):
        """Let what was reported in full be judged, the rest once its time is over."""
        open_uses = self.use_ids.filtered(lambda use: not use.reported_at)
        today = fields.Date.context_today(self)
        if open_uses and today <= self.verify_until:
            raise UserError(
                self.env._(
                    "%(groupbuy)s: not all uses are reported (%(uses)s). It can be "
                    "judged without them after %(day)s.",
                    groupbuy=self.name,
                    uses=", ".join(open_uses.mapped("display_name")),
                    day=self.verify_until,
                )
            )

    def _verify(self):
        # The verdict does not depend on who asks for it.
        me = self.sudo()
        findings = me._find_all()
        self._set(
            state="verified",
            result=get_result(findings),
            findings="\n".join(me._say_finding(finding) for finding in findings),
            verified_at=fields.Datetime.now(),
            verified_by_id=self.env.uid,
        )
        me.activity_unlink(["mail.mail_activity_data_todo"])
        if self.result in BAD:
            self._open_case(findings)
        else:
            self._tell_partner(
                self.env._(
                    "Your group-buy %s is verified. Its prices and rewards are final.",
                    self.name,
                )
            )

    def _find_all(self):
        """Return what is not as filed, the worst first."""
        return judge(
            self.policy_id._get_limits(), self._get_expected(), self._get_found_uses()
        )

    def _get_expected(self):
        """Return what was delivered of each product, in its own unit."""
        return {
            product.id: Decimal(str(quantity))
            for product, quantity in self.order_id._get_groupbuy_goods(
                delivered=True
            ).items()
        }

    def _get_found_uses(self):
        """Return what was found at each use, for the arithmetic."""
        return [
            Use(
                number=number,
                planned_on=use.date,
                held_on=use.reported_at and use.held_on,
                guests=use.guests,
                tables=use.tables,
                photos=len(use._get_counting_evidence()),
                used={
                    line.product_id.id: Decimal(str(line.quantity))
                    for line in use.goods_ids
                },
                codes=[Code(code.name, code.outcome) for code in use.code_ids],
            )
            for number, use in enumerate(self.use_ids, start=1)
        ]

    def _say_finding(self, finding):
        """Return a finding in words."""
        text = self._get_finding_texts()[finding.kind] % {
            name: f"{value:.1f}" if isinstance(value, Decimal) else value
            for name, value in finding.facts.items()
        }
        labels = dict(self._fields["result"]._description_selection(self.env))
        verdict = labels[RESULTS[finding.level]]
        if not finding.use:
            return f"{verdict}: {text}"
        use = self.use_ids[finding.use - 1]
        where = use.place or use.display_name
        return f"{verdict}: {where}: {text}"

    def _get_finding_texts(self):
        return {
            "goods": self.env._("%(percent)s %% of the goods were not used as filed"),
            "unreported": self.env._("nobody reported it in time"),
            "photos": self.env._("%(photos)s photos that count, %(needed)s are needed"),
            "date": self.env._("%(days)s days from the planned day"),
            "tables": self.env._("%(units)s units per table"),
            "guests": self.env._("%(guests)s guests per table"),
            "other_order": self.env._("code %(code)s is of another order of his"),
            "undelivered": self.env._("code %(code)s was not delivered"),
            "unknown": self.env._("code %(code)s is unknown"),
            "repeated": self.env._(
                "code %(code)s was read at another group-buy before"
            ),
            "foreign": self.env._("code %(code)s was delivered to somebody else"),
        }
