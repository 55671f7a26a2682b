# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class DistributorStockReport(models.Model):
    """What a distributor has in stock, counted by himself or by ours (R114); and what
    his shop or department sells in all, of which our share is told (R140)."""

    _name = "distributor.stock.report"
    _description = "Stock Report"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
        check_company=True,
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    date = fields.Date(
        string="Counted On", required=True, default=fields.Date.context_today
    )
    source = fields.Selection(
        selection=[("staff", "Our Staff"), ("portal", "Distributor")],
        string="Counted By",
        required=True,
        readonly=True,
        default="staff",
    )
    line_ids = fields.One2many(
        comodel_name="distributor.stock.report.line",
        inverse_name="report_id",
        copy=True,
    )
    note = fields.Text()
    short_count = fields.Integer(string="Short", compute="_compute_counts", store=True)
    heavy_count = fields.Integer(string="Heavy", compute="_compute_counts", store=True)
    department_turnover = fields.Monetary(
        string="Turnover of the Department",
        help="What the shop or department sold in all in the last month. Its head looks "
        "at this, we at our share.",
    )
    own_turnover = fields.Monetary(
        string="Of It Our Goods", help="What it sold of our goods in the same month."
    )
    own_share = fields.Float(
        string="Our Share", compute="_compute_own_share", store=True, aggregator="avg"
    )
    is_latest = fields.Boolean(
        compute="_compute_is_latest", search="_search_is_latest", string="Latest"
    )

    _once = models.UniqueIndex(
        "(partner_id, company_id, date)",
        "The stock of this distributor was counted on this day already. Correct that "
        "report.",
    )
    _turnover_in_order = models.Constraint(
        "CHECK(COALESCE(own_turnover, 0) >= 0 "
        "AND COALESCE(own_turnover, 0) <= COALESCE(department_turnover, 0))",
        "Our goods are a part of what the department sells: enter the whole as well.",
    )

    @api.constrains("partner_id", "date")
    def _check_report(self):
        for report in self:
            partner = report.partner_id
            if partner != partner.commercial_partner_id or not partner.is_distributor:
                raise ValidationError(
                    self.env._(
                        "%s is no distributor. Choose the distributor itself, not one "
                        "of its contacts.",
                        partner.display_name,
                    )
                )
            if report.date > fields.Date.context_today(report):
                raise ValidationError(
                    self.env._("Stock is counted today or was before, not later.")
                )

    @api.depends("partner_id", "date")
    def _compute_display_name(self):
        for report in self:
            report.display_name = f"{report.partner_id.name or ''} {report.date or ''}"

    @api.depends("line_ids.level")
    def _compute_counts(self):
        for report in self:
            levels = report.line_ids.mapped("level")
            report.short_count = levels.count("short")
            report.heavy_count = levels.count("heavy") + levels.count("idle")

    @api.depends("own_turnover", "department_turnover")
    def _compute_own_share(self):
        for report in self:
            whole = report.department_turnover
            report.own_share = report.own_turnover / whole if whole else 0

    def _search_is_latest(self, operator, value):
        if operator != "in":
            return NotImplemented
        latest = SQL(
            "(SELECT DISTINCT ON (partner_id, company_id) id"
            " FROM distributor_stock_report"
            " ORDER BY partner_id, company_id, date DESC, id DESC)"
        )
        return [("id", "in" if True in value else "not in", latest)]

    def _compute_is_latest(self):
        latest = self.search([("id", "in", self.ids), ("is_latest", "=", True)])
        for report in self:
            report.is_latest = report in latest

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        reports._measure()
        for report in reports:
            report._tell_account_manager()
        return reports

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"line_ids", "date", "partner_id"}:
            self._measure()
        return result

    def _measure(self):
        """Work out, from one reading of counts and deliveries, how long stock lasts."""
        self.line_ids._measure()

    def _tell_account_manager(self):
        """Give the account manager a task where goods run short or lie idle."""
        self.ensure_one()
        user = self.partner_id.account_manager_id
        if not user or not (self.short_count or self.heavy_count):
            return
        self.sudo().activity_schedule(  # the count may come from the portal
            "mail.mail_activity_data_todo",
            summary=self.env._(
                "Stock: %(short)s short, %(heavy)s heavy or idle",
                short=self.short_count,
                heavy=self.heavy_count,
            ),
            user_id=user.id,
        )
