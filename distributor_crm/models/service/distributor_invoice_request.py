# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
from base64 import b64decode

from stdnum.cn import uscc

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...guard import without_closed
from ...uploads import check_content

CONTENT = {
    "order_id",
    "partner_id",
    "company_id",
    "kind",
    "title",
    "tax_number",
    "address",
    "phone",
    "bank_name",
    "bank_account",
    "receiver",
    "email",
}
# What the next request of the same distributor starts with.
REMEMBERED = CONTENT - {"order_id", "partner_id", "company_id"}
# What finance alone enters.
DOCUMENT = {"invoice_id", "document_number", "document", "document_name"}
ISSUABLE = ("to invoice", "invoiced", "upselling")
OLD_TAX_NUMBER = re.compile(r"[0-9A-Z]{15}|[0-9A-Z]{20}")


class DistributorInvoiceRequest(models.Model):
    """A distributor asks for the tax invoice (发票) of an order, and how it is made out
    (R019). The money is in Odoo's invoice; this is the paper that tax law knows."""

    _name = "distributor.invoice.request"
    _description = "Invoice Request"
    _inherit = ["distributor.service.document"]

    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('partner_id', 'child_of', partner_id), ('state', '=', 'sale')]",
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount_total = fields.Monetary(related="order_id.amount_total")
    kind = fields.Selection(
        selection=[
            ("ordinary", "Ordinary VAT Invoice"),
            ("special", "Special VAT Invoice"),
        ],
        string="Type",
        required=True,
        default="ordinary",
        tracking=True,
    )
    title = fields.Char(
        string="Made Out To", required=True, help="The name of the company, or person."
    )
    tax_number = fields.Char(string="Tax ID")
    address = fields.Char(string="Registered Address")
    phone = fields.Char(string="Registered Phone")
    bank_name = fields.Char(string="Bank")
    bank_account = fields.Char(string="Account Number")
    receiver = fields.Char(
        string="Send To", help="Name, address and phone, where paper is sent."
    )
    email = fields.Char(required=True)
    deadline = fields.Datetime(
        readonly=True,
        copy=False,
        help="By the service hours of order handling, as set in the case deadlines.",
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    invoice_id = fields.Many2one(
        comodel_name="account.move",
        copy=False,
        index="btree_not_null",
        check_company=True,
        domain="[('line_ids.sale_line_ids.order_id', '=', order_id),"
        " ('state', '=', 'posted')]",
        help="The invoice in the books that this document belongs to.",
    )
    document_number = fields.Char(copy=False, tracking=True)
    document = fields.Binary(attachment=True, copy=False)
    document_name = fields.Char(copy=False)
    state = fields.Selection(
        selection=[
            ("requested", "Requested"),
            ("issued", "Issued"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="requested",
        copy=False,
        index=True,
        tracking=True,
    )
    refusal = fields.Text(string="Reason of the Decision", copy=False)
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Decided On", readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(order_id) WHERE state IN ('requested', 'issued')",
        "An invoice of this order was asked for already.",
    )
    _issued_has_number = models.Constraint(
        "CHECK(state <> 'issued' OR COALESCE(TRIM(document_number), '') <> '')",
        "An issued invoice has its number.",
    )

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {
            "deadline",
            "decided_by_id",
            "decided_at",
        }

    @api.depends("state", "deadline")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for request in self:
            late = request.deadline and request.deadline < now
            request.is_overdue = bool(late) and request.state == "requested"

    def _search_is_overdue(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        now = fields.Datetime.now()
        return [("state", "=", "requested"), ("deadline", "<", now)]

    @api.constrains(
        "kind", "tax_number", "address", "phone", "bank_name", "bank_account"
    )
    def _check_special(self):
        """A special invoice, from which VAT is deducted, needs all of it."""
        for request in self.filtered(lambda request: request.kind == "special"):
            needed = ("tax_number", "address", "phone", "bank_name", "bank_account")
            if not all((request[name] or "").strip() for name in needed):
                raise ValidationError(
                    self.env._(
                        "A special VAT invoice needs tax ID, registered address and "
                        "phone, bank and account number."
                    )
                )

    @api.constrains("tax_number")
    def _check_tax_number(self):
        for request in self.filtered("tax_number"):
            number = request.tax_number
            if not (uscc.is_valid(number) or OLD_TAX_NUMBER.fullmatch(number)):
                raise ValidationError(
                    self.env._(
                        "%s is no tax ID. Enter the 18 characters of the business "
                        "licence as they stand there.",
                        number[:40],
                    )
                )

    @api.constrains("document")
    def _check_document(self):
        for request in self.filtered("document"):
            name = request.document_name or self.env._("The file")
            content = request._read_document()
            if check_content(self.env, name, content) != "application/pdf":
                raise ValidationError(self.env._("Attach the invoice as a PDF file."))

    @api.constrains("order_id", "partner_id")
    def _check_order(self):
        for request in self:
            order = request.order_id.sudo()  # the rule holds whoever looks
            if order.partner_id.commercial_partner_id != request.partner_id:
                raise ValidationError(
                    self.env._("%s is no order of this distributor.", order.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.user.has_group("distributor_crm.group_finance"):
            self, vals_list = without_closed(self, vals_list, DOCUMENT)
        requests = super().create([self._clean_vals(vals) for vals in vals_list])
        requests._check_invoiceable()
        for request in requests:
            request._set(deadline=request._plan_deadline())
        return requests

    def write(self, vals):
        if not self.env.su and CONTENT & vals.keys():
            self._check_state("requested")
        if not self.env.su and DOCUMENT & vals.keys():
            self._check_issuer()
            self._check_state("requested")
        return super().write(self._clean_vals(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        self._check_state("requested", "cancelled")

    @api.model
    def _clean_vals(self, vals):
        number = vals.get("tax_number")
        if not isinstance(number, str):
            return vals
        return {**vals, "tax_number": re.sub(r"\s", "", number).upper()}

    def _check_invoiceable(self):
        for request in self:
            order = request.order_id.sudo()  # the rule holds whoever looks
            if not order._may_be_invoiced():
                raise UserError(
                    self.env._(
                        "%s cannot be invoiced yet. Ask again once it is confirmed and "
                        "there is something to invoice.",
                        order.name,
                    )
                )

    def _plan_deadline(self):
        """Return until when the invoice is out, in the service hours of orders."""
        policies = self.env["distributor.case.policy"].sudo()  # hours are no secret
        policy = policies._find(self.company_id, "order")
        return policy and policy._plan(policy.solve_hours, fields.Datetime.now())

    def _get_contacts(self):
        return self.partner_id

    @api.model
    def _get_last_values(self, partner, company):
        """Return what the next request starts with: the last one, or the partner."""
        last = self.search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)], limit=1
        )
        if last:
            return {name: last[name] or "" for name in REMEMBERED}
        return {
            "kind": "ordinary",
            "title": partner.name,
            "tax_number": partner.vat or "",
            "email": partner.email or "",
            "phone": partner.phone or "",
        }

    # -- decisions ---------------------------------------------------------------------

    def _check_issuer(self):
        """Check that this user issues invoices: finance.

        :raises UserError: he does not
        """
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_finance"):
            raise UserError(self.env._("Only finance issues invoices."))

    def action_issue(self):
        """Note that the invoice is out; the distributor gets it by mail.

        :raises UserError: it has no number, or the invoice is not of this order
        """
        self._check_issuer()
        self._lock()
        self._check_state("requested")
        for request in self:
            if not (request.document_number or "").strip():
                raise UserError(self.env._("Enter the number of the invoice first."))
            request._check_invoice()
        self._decide("issued")
        for request in self:
            request._send_document()
        return True

    def _check_invoice(self):
        """Refuse an invoice of another order."""
        orders = self.invoice_id.sudo().line_ids.sale_line_ids.order_id
        if self.invoice_id and self.order_id not in orders:
            raise UserError(
                self.env._(
                    "%(invoice)s is no invoice of %(order)s. Choose another one.",
                    invoice=self.invoice_id.name,
                    order=self.order_id.name,
                )
            )

    def _read_document(self):
        """Return the bytes of the attached file; none without one."""
        return b64decode(self.with_context(bin_size=False).document or b"")

    def _send_document(self):
        content = self._read_document()
        attachments = []
        if content:
            name = self.document_name or f"{self.document_number}.pdf"
            attachments = [(name, content)]
        self.sudo().message_post(  # who issues needs no right on the distributor
            body=self.env._(
                "The invoice of your order %(order)s is issued: %(number)s.",
                order=self.order_id.name,
                number=self.document_number,
            ),
            attachments=attachments,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self._get_contacts().ids,
            outgoing_email_to=self.email,
            author_id=self.env.user.partner_id.id,
        )

    def action_refuse(self):
        """Refuse; the reason is told.

        :raises UserError: no reason is given
        """
        self._check_issuer()
        self._lock()
        self._check_state("requested")
        for request in self:
            if not (request.refusal or "").strip():
                raise UserError(self.env._("Enter the reason of the decision first."))
        self._decide("refused")
        for request in self:
            request._tell_partner(
                request.env._(
                    "We cannot issue the invoice of %(order)s: %(reason)s",
                    order=request.order_id.name,
                    reason=request.refusal,
                )
            )
        return True

    def action_cancel(self):
        """Take requests back, to ask again with other data."""
        self.check_access("write")
        self._lock()
        self._check_state("requested")
        self._set(state="cancelled")
        return True

    def _decide(self, state):
        self._set(
            state=state, decided_by_id=self.env.uid, decided_at=fields.Datetime.now()
        )
