# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

FILE_FIELDS = ("orders_file", "customers_file", "products_file")
OPTION_FIELDS = (
    *("company_id", "journal_id", "currency_id", "apply_taxes"),
    *("date_order", "comma", "encoding"),
)


class SalesImport(models.Model):
    """Sales of the past: CSV files in, distributors, products and invoices out.

    Requirement: the sales-history import. The work is done by a scheduled action in
    chunks; each order is invoiced once, however often its file comes.
    """

    _name = "distributor.sales.import"
    _description = "Sales Import"
    _inherit = ["distributor.background"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        copy=False,
        default=lambda self: self.env["ir.sequence"].next_by_code(self._name),
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("checked", "Checked"),
            ("running", "Running"),
            ("done", "Done"),
            ("stopped", "Stopped"),
            ("failed", "Failed"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
    )

    # === FILES ===#
    orders_file = fields.Binary(string="Orders", attachment=True, copy=False)
    orders_filename = fields.Char(copy=False)
    customers_file = fields.Binary(string="Distributors", attachment=True, copy=False)
    customers_filename = fields.Char(copy=False)
    products_file = fields.Binary(string="Products", attachment=True, copy=False)
    products_filename = fields.Char(copy=False)

    # === OPTIONS ===#
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Sales Journal",
        domain=[("type", "=", "sale")],
        check_company=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Currency of the orders, where the file has no currency column.",
    )
    apply_taxes = fields.Boolean(
        string="Apply Product Taxes",
        help="Otherwise the invoices carry no tax: the amounts are those of the file.",
    )
    date_order = fields.Selection(
        selection=[("dmy", "Day/Month/Year"), ("mdy", "Month/Day/Year")],
        string="Date Format",
        help="For dates that end with the year, as 05/06/2019.",
    )
    comma = fields.Selection(
        selection=[
            ("thousands", "Thousands separator: 1,234.50"),
            ("decimal", "Decimal sign: 1.234,50"),
        ],
        help="What a comma means in a number.",
    )
    encoding = fields.Selection(
        selection=[
            ("utf-8", "UTF-8"),
            ("utf-16", "UTF-16"),
            ("gb18030", "Chinese (GBK, GB18030)"),
            ("cp1252", "Western (Windows-1252)"),
        ],
    )

    # === WHAT THE CHECK FOUND ===#
    line_count = fields.Integer(string="Lines", readonly=True, copy=False)
    order_count = fields.Integer(string="Orders in File", readonly=True, copy=False)
    todo_count = fields.Integer(string="Orders to Import", readonly=True, copy=False)
    skipped_count = fields.Integer(string="Already Imported", readonly=True, copy=False)
    customer_count = fields.Integer(
        string="Customers in Files", readonly=True, copy=False
    )
    customer_new_count = fields.Integer(
        string="New Customers", readonly=True, copy=False
    )
    product_count = fields.Integer(
        string="Products in Files", readonly=True, copy=False
    )
    product_new_count = fields.Integer(string="New Products", readonly=True, copy=False)
    date_from = fields.Date(readonly=True, copy=False)
    date_to = fields.Date(readonly=True, copy=False)
    amount_total = fields.Monetary(string="Amount", readonly=True, copy=False)
    notice = fields.Text(readonly=True, copy=False)
    error_order_count = fields.Integer(
        string="Refused Orders", readonly=True, copy=False
    )
    error_line_count = fields.Integer(string="Refused Lines", readonly=True, copy=False)
    error_file = fields.Binary(
        string="Refused Lines File", attachment=True, readonly=True, copy=False
    )
    error_filename = fields.Char(compute="_compute_error_filename")

    # === WHAT THE WORK MADE ===#
    message = fields.Text(readonly=True, copy=False)
    run_ids = fields.One2many("distributor.sales.import.run", "import_id")
    refusal_ids = fields.One2many("distributor.sales.import.refusal", "import_id")
    progress = fields.Float(compute="_compute_progress")
    progress_text = fields.Char(compute="_compute_progress")
    invoice_count = fields.Integer(compute="_compute_made_counts")
    made_customer_count = fields.Integer(compute="_compute_made_counts")
    made_product_count = fields.Integer(compute="_compute_made_counts")

    @api.depends("company_id")
    def _compute_journal_id(self):
        for company, records in self.grouped("company_id").items():
            records.journal_id = company._get_sales_journal()

    @api.depends("company_id")
    def _compute_currency_id(self):
        for record in self:
            record.currency_id = record.company_id.currency_id

    @api.depends("name")
    def _compute_error_filename(self):
        for record in self:
            name = (record.name or "").replace("/", "-")
            record.error_filename = self.env._("%s refused lines.csv", name)

    @api.depends("state", "todo_count", "run_ids.order_done", "run_ids.order_total")
    def _compute_progress(self):
        for record in self:
            run = record.run_ids[:1]
            # A resumed import starts where it was: its last run has only the rest.
            total = max(record.todo_count, run.order_total)
            prepared = run.order_total or run.date_end
            done = total - (run.order_total - run.order_done) if prepared else 0
            record.progress = 100.0 * done / total if total else run.progress
            record.progress_text = record._describe_progress(run, done, total)

    def _describe_progress(self, run, done, total):
        if not run:
            return False
        if self.state == "running" and not run.order_total:
            return self.env._("Reading the files, making distributors and products")
        values = {"done": done, "total": total, "rate": round(run.rate, 1)}
        if not run.rate:
            return self.env._("%(done)s of %(total)s orders", **values)
        return self.env._("%(done)s of %(total)s orders, %(rate)s a second", **values)

    def _compute_made_counts(self):
        for field, model in (
            ("invoice_count", "account.move"),
            ("made_customer_count", "res.partner"),
            ("made_product_count", "product.product"),
        ):
            # sudo: whoever may read the import may know how many records it made
            groups = (
                self.env[model]
                .sudo()
                .with_context(active_test=False)
                ._read_group(
                    [("distributor_import_id", "in", self.ids)],
                    ["distributor_import_id"],
                    ["__count"],
                )
            )
            counts = {record.id: count for record, count in groups}
            for record in self:
                record[field] = counts.get(record.id, 0)

    def write(self, vals):
        """Other files or options than those checked have to be checked again."""
        changed = [name for name in (*FILE_FIELDS, *OPTION_FIELDS) if name in vals]
        if changed:
            if self.filtered(lambda record: record.state in ("running", "done")):
                raise UserError(
                    self.env._(
                        "The files and options of an import that has started cannot "
                        "be changed: make a new one."
                    )
                )
            vals = {"state": "draft", **vals}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if self.filtered(lambda record: record.state == "running"):
            raise UserError(self.env._("Stop the import before you delete it."))
