# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

# Set by the proposal and by the execution alone, over RPC too.
CLOSED = {
    "handover_id",
    "kind",
    "partner_id",
    "main_id",
    "res_model",
    "res_id",
    "label",
    "state",
    "activity_id",
}


class DistributorHandoverLine(models.Model):
    """A distributor, or something open about one, and who takes it over."""

    _name = "distributor.handover.line"
    _description = "Line of a Hand-over"
    _order = "handover_id, kind, partner_id, id"

    handover_id = fields.Many2one(
        comodel_name="distributor.handover",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True)
    handover_state = fields.Selection(
        related="handover_id.state", string="Status of the Hand-over"
    )
    kind = fields.Selection(
        selection=[
            ("manager", "Account Manager"),
            ("seller", "Salesperson"),
            ("item", "Open Matter"),
        ],
        string="Role",
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        context={"active_test": False},
    )
    is_archived = fields.Boolean(string="Archived", compute="_compute_is_archived")
    state_id = fields.Many2one(related="partner_id.state_id", string="Province")
    grade_id = fields.Many2one(related="partner_id.grade_id", string="Tier")
    main_id = fields.Many2one(
        comodel_name="distributor.handover.line",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="The line of the distributor, whose successor takes this over too.",
    )
    item_ids = fields.One2many(
        comodel_name="distributor.handover.line", inverse_name="main_id"
    )
    item_count = fields.Integer(
        string="Open", compute="_compute_item_count", help="Open matters that go along."
    )
    store_count = fields.Integer(related="partner_id.store_count", string="Stores")
    res_model = fields.Char(string="Document Type", readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", readonly=True
    )
    label = fields.Char(string="What", readonly=True)
    new_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Successor",
        compute="_compute_new_user_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="set null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    why = fields.Char(string="Proposed Because", readonly=True)
    note = fields.Text(
        string="Note for the Successor",
        help="About this distributor, beside the note to all.",
    )
    state = fields.Selection(
        selection=[
            ("open", "To Do"),
            ("done", "Handed Over"),
            ("skipped", "Changed Meanwhile"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    activity_id = fields.Many2one(
        comodel_name="mail.activity",
        string="First Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    contact_until = fields.Date(
        related="activity_id.date_deadline", string="Contact By"
    )
    contacted_on = fields.Date(related="activity_id.date_done", string="Contacted On")
    is_contact_late = fields.Boolean(
        compute="_compute_is_contact_late", search="_search_is_contact_late"
    )

    @api.depends("partner_id.active")
    def _compute_is_archived(self):
        for line in self:
            line.is_archived = line.partner_id and not line.partner_id.active

    @api.depends("item_ids")
    def _compute_item_count(self):
        counts = dict(
            self._read_group([("main_id", "in", self.ids)], ["main_id"], ["__count"])
        )
        for line in self:
            line.item_count = counts.get(line._origin, 0)

    @api.depends("main_id.new_user_id")
    def _compute_new_user_id(self):
        for line in self:
            if line.main_id:
                line.new_user_id = line.main_id.new_user_id

    @api.depends("contact_until", "contacted_on")
    def _compute_is_contact_late(self):
        today = fields.Date.context_today(self)
        for line in self:
            line.is_contact_late = bool(
                line.contact_until and not line.contacted_on
            ) and (line.contact_until < today)

    def _search_is_contact_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = [
            ("activity_id.active", "=", True),
            ("activity_id.date_deadline", "<", today),
        ]
        return late if True in value else ["!", "&", *late]

    @api.depends("kind", "partner_id", "label")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.label or line.partner_id.display_name

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("The lines come from the proposal."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if CLOSED & vals.keys():
                raise UserError(
                    self.env._("Choose the successor; the rest is what was found.")
                )
            if any(line.handover_state != "draft" for line in self):
                raise UserError(
                    self.env._("This hand-over is over. Make a new one instead.")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_over(self):
        if any(line.handover_state == "done" for line in self):
            raise UserError(self.env._("What was handed over stays in the records."))

    def action_open(self):
        """Open the document of this line, or the distributor."""
        self.ensure_one()
        if self.kind != "item":
            return self.partner_id._get_records_action()
        return self.env[self.res_model].browse(self.res_id)._get_records_action()
