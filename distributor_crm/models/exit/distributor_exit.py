# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# What a draft says; nobody changes it once it is confirmed.
CONTENT = {
    "partner_id",
    "company_id",
    "reason",
    "explanation",
    "improvement_id",
    "agreement_ids",
    "planned_date",
    "stock_ids",
}
# Not over yet: a distributor has one of these at most.
RUNNING = ("draft", "confirmed", "settled")


class DistributorExit(models.Model):
    """The end of the relation with a distributor: what is open between the two, the
    goods that are taken back, and then the end of the agreements (R127)."""

    _name = "distributor.exit"
    _description = "Exit"
    _inherit = ["distributor.service.document"]
    _mail_post_access = "read"

    currency_id = fields.Many2one(related="company_id.currency_id")
    reason = fields.Selection(
        selection=[
            ("plan", "Improvement Plan Failed"),
            ("breach", "Breach of Agreement"),
            ("agreed", "By Agreement"),
        ],
        required=True,
        default="agreed",
        tracking=True,
    )
    explanation = fields.Text(
        help="Told to the distributor when the agreements are ended."
    )
    improvement_id = fields.Many2one(
        comodel_name="distributor.improvement",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        domain="[('partner_id', '=', partner_id), ('company_id', '=', company_id), "
        "('state', '=', 'failed')]",
        check_company=True,
    )
    agreement_ids = fields.Many2many(
        comodel_name="distributor.agreement",
        string="Agreements to End",
        compute="_compute_agreement_ids",
        store=True,
        readonly=False,
        copy=False,
        domain="[('partner_id', '=', partner_id), ('company_id', '=', company_id), "
        "('state', '=', 'signed'), ('amends_id', '=', False)]",
        check_company=True,
    )
    planned_date = fields.Date(
        string="Planned End",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="The last day of the agreements. After a failed plan the agreed notice is "
        "kept, counted from the day on which the exit is confirmed.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("confirmed", "Confirmed"),
            ("settled", "Settled"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    line_ids = fields.One2many(
        comodel_name="distributor.exit.line",
        inverse_name="exit_id",
        string="Settlement List",
        readonly=True,
    )
    listed_at = fields.Datetime(
        string="As Of", readonly=True, copy=False, help="When the list was drawn up."
    )
    stock_report_id = fields.Many2one(
        comodel_name="distributor.stock.report",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    stock_ids = fields.One2many(
        comodel_name="distributor.exit.stock",
        inverse_name="exit_id",
        string="Stock Taken Back",
    )
    total = fields.Monetary(
        string="Open Items",
        compute="_compute_net",
        store=True,
        help="Above zero the distributor owes us.",
    )
    buy_back = fields.Monetary(
        string="For Stock Taken Back", compute="_compute_net", store=True
    )
    net = fields.Monetary(
        string="Net Total",
        compute="_compute_net",
        store=True,
        help="Open items less what we pay for the stock: above zero the distributor "
        "owes us, below it we owe him.",
    )
    return_ids = fields.One2many(
        comodel_name="distributor.return", inverse_name="exit_id", readonly=True
    )
    move_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="exit_id",
        string="Credit Notes",
        readonly=True,
    )
    return_count = fields.Integer(compute="_compute_counts")
    move_count = fields.Integer(compute="_compute_counts")

    _one_running = models.UniqueIndex(
        f"(partner_id, company_id) WHERE state IN {RUNNING}",
        "There is an exit of this distributor already. Go on with that one.",
    )

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {
            "line_ids",
            "listed_at",
            "stock_report_id",
            "total",
            "buy_back",
            "net",
            "return_ids",
            "move_ids",
        }

    @api.depends("partner_id", "company_id")
    def _compute_agreement_ids(self):
        signed = self.env["distributor.agreement"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("state", "=", "signed"),
                ("amends_id", "=", False),
            ]
        )
        for record in self:
            record.agreement_ids = signed.filtered(
                lambda a, own=record: (
                    a.partner_id == own.partner_id and a.company_id == own.company_id
                )
            )

    @api.depends("line_ids.amount", "stock_ids.amount")
    def _compute_net(self):
        for record in self:
            record.total = sum(record.line_ids.mapped("amount"))
            record.buy_back = sum(record.stock_ids.mapped("amount"))
            record.net = record.total - record.buy_back

    def _compute_counts(self):
        for record in self:
            # Who may see the exit may know how many documents it has.
            record.return_count = len(record.sudo().return_ids)
            record.move_count = len(record.sudo()._get_credit_notes())

    @api.constrains("partner_id", "company_id", "agreement_ids", "improvement_id")
    def _check_same_partner(self):
        for record in self:
            plan = record.improvement_id
            parts = [*record.agreement_ids, *plan]
            if any(
                (part.partner_id, part.company_id)
                != (record.partner_id, record.company_id)
                for part in parts
            ):
                raise ValidationError(
                    self.env._(
                        "Agreements and improvement plan belong to another distributor "
                        "or company. Choose those of %s.",
                        record.partner_id.name,
                    )
                )
            plan._check_failed()

    @api.model_create_multi
    def create(self, vals_list):
        exits = super().create(vals_list)
        exits._draw_up()
        for record in exits.filtered(lambda e: e.state == "draft"):
            record._ask_manager()
        return exits

    def write(self, vals):
        if CONTENT & vals.keys() and not self.env.su:
            self._check_state("draft")
        result = super().write(vals)
        if vals.keys() & {"partner_id", "company_id"}:
            self.stock_ids.unlink()
            self._draw_up()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        if any(record.state not in ("draft", "cancelled") for record in self) or any(
            record.return_count or record.move_count for record in self
        ):
            raise UserError(
                self.env._("An exit that was confirmed stays on record. Cancel it.")
            )

    def _ask_manager(self):
        """Have a sales manager decide who neither drafted it nor looks after him."""
        managers = self.company_id._get_group_users(
            "distributor_crm.group_sales_manager"
        )
        chosen = managers - self._get_drafters()
        if chosen:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=chosen[0].id,
                summary=self.env._("Confirm the exit, or cancel it"),
            )

    def _get_drafters(self):
        """Return who does not confirm: he drafted it, or looks after the distributor."""
        return self.create_uid | self.partner_id.account_manager_id

    def _get_report_base_filename(self):
        return f"{self.name} {self.partner_id.name}".replace("/", "-")

    # -- buttons ---------------------------------------------------------------------

    def action_view_improvement(self):
        """Open the plan that failed."""
        return self.improvement_id._get_records_action()

    def action_view_agreements(self):
        """Open the agreements that end."""
        return self.agreement_ids._get_records_action(name=self.env._("Agreements"))

    def action_view_lines(self):
        """Open the settlement list, where finance notes what needs no settling."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "distributor_crm.distributor_exit_line_action"
            ),
            "domain": [("exit_id", "in", self.ids)],
        }

    def action_view_returns(self):
        """Open the returns by which goods come back."""
        return self.env["distributor.return"]._get_list_action(
            [("exit_id", "in", self.ids)]
        )

    def action_view_moves(self):
        """Open the credit notes for the goods taken back."""
        return (
            self.sudo()  # only which ones: opening them is checked again
            ._get_credit_notes()
            .with_env(self.env)
            ._get_records_action(name=self.env._("Credit Notes"))
        )
