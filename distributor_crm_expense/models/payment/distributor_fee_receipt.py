# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import hashlib
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.distributor_crm import uploads
from odoo.addons.distributor_crm.guard import without_closed

# Set by the buttons and the record itself, by nobody else.
CLOSED_FIELDS = {
    "checksum",
    "confirmed_by_id",
    "duplicate_state",
    "is_void",
    "number_key",
}


class DistributorFeeReceipt(models.Model):
    """A payee's invoice or receipt: each proves one payment, once.

    The same file, or the same number of the same payee, is refused by the database;
    the same amount on the same day is flagged until finance has compared them.
    """

    _name = "distributor.fee.receipt"
    _description = "Fee Receipt"
    _order = "date desc, id desc"
    _rec_name = "number"

    payout_id = fields.Many2one(
        comodel_name="distributor.fee.payout",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="payout_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="payout_id.currency_id")
    user_id = fields.Many2one(related="payout_id.user_id", store=True)
    payout_state = fields.Selection(related="payout_id.state")
    payee_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('id', 'in', allowed_payee_ids)]",
    )
    allowed_payee_ids = fields.Many2many(
        comodel_name="res.partner", compute="_compute_allowed_payee_ids"
    )
    number = fields.Char(
        required=True, help="The number on the invoice or receipt, as it is printed."
    )
    number_key = fields.Char(compute="_compute_number_key", store=True, precompute=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    amount = fields.Monetary(required=True)
    file = fields.Binary(string="Receipt", attachment=True, required=True)
    filename = fields.Char()
    checksum = fields.Char(
        readonly=True, copy=False, help="SHA-256 of the file as it was sent."
    )
    duplicate_ids = fields.Many2many(
        comodel_name="distributor.fee.receipt",
        compute="_compute_duplicate_ids",
        string="Looks Like",
        help="Other receipts over the same amount on the same day.",
    )
    duplicate_state = fields.Selection(
        selection=[
            ("unique", "Unique"),
            ("suspect", "Possible Duplicate"),
            ("confirmed", "Compared"),
        ],
        string="Duplicate",
        required=True,
        readonly=True,
        default="unique",
        copy=False,
    )
    confirmed_by_id = fields.Many2one(
        comodel_name="res.users", string="Compared By", readonly=True, copy=False
    )
    is_void = fields.Boolean(string="Void", readonly=True, copy=False)

    _file_once = models.UniqueIndex(
        "(company_id, checksum) WHERE is_void IS NOT TRUE",
        "This very file proves another fee already. Add the receipt of this one.",
    )
    _number_once = models.UniqueIndex(
        "(company_id, payee_id, number_key) WHERE is_void IS NOT TRUE",
        "A receipt of this payee with this number was used already.",
    )
    _alike = models.Index("(company_id, date, amount)")
    _amount_positive = models.Constraint(
        "CHECK(amount > 0 AND amount <> 'NaN')", "A receipt is over more than 0."
    )

    @api.depends("payout_id.item_ids.payee_id")
    def _compute_allowed_payee_ids(self):
        for receipt in self:
            receipt.allowed_payee_ids = receipt.payout_id.item_ids.payee_id

    @api.depends("number")
    def _compute_number_key(self):
        for receipt in self:
            key = re.sub(r"[\W_]+", "", receipt.number or "").upper()
            receipt.number_key = key.lstrip("0") or key

    @api.depends("date", "amount", "company_id", "is_void")
    def _compute_duplicate_ids(self):
        alike = self.sudo()._search_alike()
        for receipt in self:
            receipt.duplicate_ids = alike.filtered(
                lambda other, one=receipt: other._is_like(one)
            )

    def _search_alike(self):
        """Return the receipts of the same days and amounts, these among them."""
        return self.search(
            Domain("company_id", "in", self.company_id.ids)
            & Domain("date", "in", [day for day in self.mapped("date") if day])
            & Domain("is_void", "=", False)
        )

    def _is_like(self, other) -> bool:
        return (
            self.id != other._origin.id
            and self.company_id == other.company_id
            and self.date == other.date
            and not self.currency_id.compare_amounts(self.amount, other.amount)
        )

    @api.onchange("payee_id")
    def _onchange_payee_id(self):
        """Propose what is not proved yet."""
        if self.payee_id and not self.amount:
            payout = self.payout_id
            paid = payout.item_ids.filtered(lambda i: i.payee_id == self.payee_id)
            proved = payout.receipt_ids.filtered(
                lambda one: one != self and one.payee_id == self.payee_id
            )
            left = sum(paid.mapped("paid")) - sum(proved.mapped("amount"))
            self.amount = max(left, 0)

    @api.constrains("number_key")
    def _check_number(self):
        if any(not receipt.number_key for receipt in self):
            raise UserError(self.env._("Enter the number printed on the receipt."))

    @api.constrains("payee_id", "payout_id")
    def _check_payee(self):
        for receipt in self:
            if receipt.payee_id not in receipt.payout_id.item_ids.payee_id:
                raise UserError(
                    self.env._(
                        "%(payee)s is paid nothing in %(payout)s. Choose who gave the "
                        "receipt.",
                        payee=receipt.payee_id.name,
                        payout=receipt.payout_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        records, vals_list = without_closed(self, vals_list, CLOSED_FIELDS)
        receipts = super(DistributorFeeReceipt, records).create(
            [
                {**vals, "checksum": self._check_file(vals.get("file"), vals)}
                for vals in vals_list
            ]
        )
        receipts.payout_id._check_state("draft")
        receipts._flag()
        return receipts.with_env(self.env)

    def write(self, vals):
        if not self.env.su:
            if not CLOSED_FIELDS.isdisjoint(vals):
                raise UserError(
                    self.env._("What the receipt was compared with is not edited.")
                )
            self.payout_id._check_state("draft")
        if "file" in vals:
            vals = {**vals, "checksum": self._check_file(vals["file"], vals)}
        result = super().write(vals)
        if vals.keys() & {"date", "amount", "file", "payee_id"}:
            self._flag()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_while_collecting(self):
        self.payout_id._check_state("draft")

    @api.model
    def _check_file(self, data, vals):
        """Return the checksum of a file, or refuse it.

        Besides receipts, the files of all other expenses are looked at.
        """
        content = base64.b64decode(data or b"")
        uploads.check_content(self.env, vals.get("filename") or "", content)
        # Whoever adds a receipt may not see the expense that it was used for.
        used = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "hr.expense"),
                    ("res_field", "=", False),
                    (
                        "checksum",
                        "=",
                        self.env["ir.attachment"]._compute_checksum(content),
                    ),
                ]
            )
        )
        expenses = self.env["hr.expense"].sudo().browse(used.mapped("res_id")).exists()
        live = expenses.filtered(lambda expense: expense.state != "refused")
        if live:
            raise UserError(
                self.env._(
                    "This very file is the receipt of the expense “%(expense)s” of "
                    "%(employee)s. Add the receipt of this fee.",
                    expense=live[0].name,
                    employee=live[0].employee_id.name,
                )
            )
        return hashlib.sha256(content).hexdigest()

    def _flag(self):
        """Say of these whether another one looks like it."""
        self.flush_recordset()  # what the database refuses is compared with nothing
        for receipt in self.sudo():  # others' receipts count, whoever may see them
            receipt.write(
                {
                    "duplicate_state": "suspect" if receipt.duplicate_ids else "unique",
                    "confirmed_by_id": False,
                }
            )

    def action_confirm_unique(self):
        """Record that finance compared these with their likes: they are others."""
        self.payout_id._check_finance()
        self.check_access("read")
        self.payout_id._check_state("draft")
        if self.env.user in self.user_id:
            raise UserError(
                self.env._("These are your own receipts. A colleague compares them.")
            )
        # Who compared it is recorded by this button alone.
        self.sudo().filtered(lambda r: r.duplicate_state == "suspect").write(
            {"duplicate_state": "confirmed", "confirmed_by_id": self.env.uid}
        )

    def action_view_duplicates(self):
        return (self | self.duplicate_ids)._get_records_action(
            name=self.env._("Receipts That Look Alike")
        )

    def _get_attachment(self):
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "file"),
                    ("res_id", "=", self.id),
                ],
                limit=1,
            )
        )
