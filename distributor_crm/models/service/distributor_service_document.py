# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...guard import find_other_states, lock_or_refuse, without_closed


class DistributorServiceDocument(models.AbstractModel):
    """What cases, returns, gifts and requests have in common: a number, a distributor,
    and a status that the buttons alone set."""

    _name = "distributor.service.document"
    _description = "Service Document"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
        check_company=True,
        tracking=True,
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")

    @api.model
    def _get_closed_fields(self):
        """Return the names of the fields that nobody writes, over RPC neither."""
        return {"name", "state"}

    @api.constrains("partner_id")
    def _check_partner(self):
        for document in self:
            partner = document.partner_id
            if partner != partner.commercial_partner_id or not partner.is_distributor:
                raise ValidationError(
                    self.env._(
                        "%s is no distributor. Choose the distributor itself, not one "
                        "of its contacts.",
                        partner.display_name,
                    )
                )

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for document in self:
            saved = document.id and f"{document.name}: {document.partner_id.name}"
            document.display_name = saved or document.partner_id.name

    @api.model_create_multi
    def create(self, vals_list):
        closed = self._get_closed_fields()
        self, vals_list = without_closed(self, vals_list, closed)
        Sequence = self.env["ir.sequence"]
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            vals["name"] = (
                Sequence.with_company(company).next_by_code(self._name) or "/"
            )
        return super().create(vals_list)

    def write(self, vals):
        if self._get_closed_fields() & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("The status is changed with the buttons of the form.")
            )
        return super().write(vals)

    @api.model
    def _get_list_action(self, domain):
        """Return the action that lists what a domain finds."""
        name = f"distributor_crm.{self._name.replace('.', '_')}_action"
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(name),
            "domain": domain,
            "context": {},
        }

    def _set(self, **values):
        """Write what is closed to users; whoever calls has checked who may."""
        return self.sudo().write(values)

    def _lock(self):
        """Let one process decide on these at a time, on fresh values.

        :raises UserError: another process is at it
        """
        # The lock says nothing about who may; the caller checks that.
        lock_or_refuse(self.sudo())
        self.invalidate_recordset()

    def _check_state(self, *states):
        """Refuse what is done to documents in another status.

        :raises UserError: names the documents, and the status it is for
        """
        if wrong := find_other_states(self, states, "name"):
            raise UserError(
                self.env._(
                    "%(documents)s: this can be done only in status %(states)s.",
                    documents=wrong["records"],
                    states=wrong["states"],
                )
            )

    def _check_decider(self):
        """Check that this user decides: a sales manager.

        :raises UserError: he is none
        """
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise UserError(self.env._("Only sales managers decide on this."))

    def _tell_partner(self, text, subject=None):
        """Tell the distributor something, by mail and in the chatter.

        :param text: what to say, plain
        """
        for document in self:
            # The distributor gets the mail; who pressed the button needs no right on him.
            record = document.sudo()
            contacts = record._get_contacts()
            record.message_post(
                body=text,
                subject=subject or record.display_name,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=contacts.ids,
                author_id=self.env.user.partner_id.id,
            )

    def _get_contacts(self):
        """Return whom to write to: the distributor itself unless a model knows better."""
        return self.partner_id
