# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorVisitSettlementLine(models.Model):
    """One amount of a settlement, and what it is for.

    The database itself refuses to pay a visit twice, to charge a penalty twice, to take
    anything back twice, or to carry a balance forward twice.
    """

    _name = "distributor.visit.settlement.line"
    _description = "Visit Settlement Line"
    _inherit = ["distributor.closed.rows"]
    _order = "settlement_id desc, sequence, date, id"
    _check_company_auto = True

    settlement_id = fields.Many2one(
        comodel_name="distributor.visit.settlement",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    sequence = fields.Integer(readonly=True, aggregator=None)
    company_id = fields.Many2one(
        related="settlement_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    agency_id = fields.Many2one(
        related="settlement_id.agency_id", store=True, precompute=True, index=True
    )
    state = fields.Selection(related="settlement_id.state")
    month = fields.Date(related="settlement_id.month", store=True, precompute=True)
    kind = fields.Selection(
        selection=[
            ("visit", "Group"),
            ("commission", "Commission"),
            ("restored", "Counts again"),
            ("adjusted", "Sale changed"),
            ("recovery", "Recovered"),
            ("penalty", "Penalty"),
            ("refund", "Penalty given back"),
            ("carried", "Carried forward"),
        ],
        required=True,
        readonly=True,
    )
    part = fields.Selection(
        selection=[("visit", "Group"), ("commission", "Commission")],
        compute="_compute_part",
        store=True,
        precompute=True,
        help="What of the visit it is about, also where it is taken back.",
    )
    name = fields.Char(string="Description", readonly=True)
    date = fields.Date(readonly=True)
    visit_id = fields.Many2one(
        comodel_name="distributor.visit",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    agent_id = fields.Many2one(related="visit_id.agent_id", store=True, precompute=True)
    form_attachment_id = fields.Many2one(related="visit_id.form_attachment_id")
    rate_id = fields.Many2one(
        comodel_name="distributor.visit.rate",
        string="Rate Card",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    violation_id = fields.Many2one(
        comodel_name="distributor.violation",
        string="Case",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    reversed_line_id = fields.Many2one(
        comodel_name="distributor.visit.settlement.line",
        string="Takes Back",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    carried_id = fields.Many2one(
        comodel_name="distributor.visit.settlement",
        string="From Settlement",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    base = fields.Float(readonly=True, aggregator=None, digits=(16, 2))
    rate = fields.Float(readonly=True, aggregator=None, digits=(16, 4))
    amount = fields.Monetary(required=True, readonly=True)
    is_void = fields.Boolean(readonly=True, help="The settlement was cancelled.")

    _visit_paid_once = models.UniqueIndex(
        "(visit_id, kind) WHERE kind IN ('visit', 'commission') "
        "AND is_void IS NOT TRUE",
        "This visit is on a settlement already.",
    )
    _penalty_once = models.UniqueIndex(
        "(violation_id, kind) WHERE violation_id IS NOT NULL AND is_void IS NOT TRUE",
        "This penalty is on a settlement already.",
    )
    _reversed_once = models.UniqueIndex(
        "(reversed_line_id) WHERE reversed_line_id IS NOT NULL AND is_void IS NOT TRUE",
        "This amount was taken back already.",
    )
    _carried_once = models.UniqueIndex(
        "(carried_id) WHERE carried_id IS NOT NULL AND is_void IS NOT TRUE",
        "This balance was carried forward already.",
    )
    _has_its_reason = models.Constraint(
        """CHECK(CASE kind
            WHEN 'visit' THEN visit_id IS NOT NULL AND amount > 0
            WHEN 'commission' THEN visit_id IS NOT NULL AND amount > 0
            WHEN 'restored' THEN reversed_line_id IS NOT NULL AND amount > 0
            WHEN 'adjusted' THEN reversed_line_id IS NOT NULL AND amount <> 0
            WHEN 'recovery' THEN reversed_line_id IS NOT NULL AND amount < 0
            WHEN 'penalty' THEN violation_id IS NOT NULL AND amount < 0
            WHEN 'refund' THEN violation_id IS NOT NULL AND amount > 0
            WHEN 'carried' THEN carried_id IS NOT NULL AND amount < 0 END)""",
        "A line pays for a visit, takes one back, charges a penalty, or carries a "
        "balance forward.",
    )

    @api.depends("kind", "reversed_line_id")
    def _compute_part(self):
        for line in self:
            if line.kind in ("visit", "commission"):
                line.part = line.kind
            else:
                line.part = line.reversed_line_id.part

    @api.depends("name", "kind")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.name or line.kind

    def _get_key(self):
        """Return what makes a line the same one when it is computed again."""
        self.ensure_one()
        return (
            self.kind,
            self.visit_id.id,
            self.violation_id.id,
            self.reversed_line_id.id,
            self.carried_id.id,
        )

    def _is_same_as(self, row):
        """Whether values that were computed again change nothing of this line."""
        self.ensure_one()
        return (
            not self.currency_id.compare_amounts(self.amount, row["amount"])
            and self.rate_id.id == (row.get("rate_id") or False)
            and abs(self.rate - row["rate"]) < 0.00005
            and abs(self.base - row["base"]) < 0.005
        )

    def _say_closed(self):
        return self.env._("Settlements are computed from signed visits, not edited.")

    def action_view_source(self):
        """Open what this amount is for."""
        self.ensure_one()
        source = self.visit_id or self.violation_id or self.carried_id
        return source._get_records_action()
