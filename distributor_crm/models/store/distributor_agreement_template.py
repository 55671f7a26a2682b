# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
# What a text may name; a template can read nothing else.
PLACEHOLDERS = (
    "number",
    "company",
    "company_address",
    "distributor",
    "distributor_code",
    "distributor_tax_id",
    "distributor_address",
    "invited_by",
    "mode",
    "tier",
    "territory",
    "price_floor",
    "date_from",
    "date_to",
    "notice_days",
)


class DistributorAgreementTemplate(models.Model):
    """The text and the terms that agreements start from (R028, R203, R204)."""

    _name = "distributor.agreement.template"
    _description = "Agreement Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    mode = fields.Selection(
        selection=lambda self: (
            self.env["distributor.store"]
            ._fields["mode"]
            ._description_selection(self.env)
        ),
        required=True,
        default="dropship",
    )
    grade_id = fields.Many2one(
        comodel_name="res.partner.grade",
        string="Tier",
        check_company=True,
        help="The tier that a new distributor starts in.",
    )
    months = fields.Integer(string="Valid for (Months)", required=True, default=12)
    notice_days = fields.Integer(
        string="Notice (Days)",
        required=True,
        default=30,
        help="How long before the end either side has to say so.",
    )
    renewal_days = fields.Integer(
        string="Propose Renewal (Days)",
        required=True,
        default=45,
        help="So many days before an agreement ends its renewal is prepared. "
        "0 leaves renewals to the account manager.",
    )
    offer_days = fields.Integer(
        string="Open for Signature (Days)",
        required=True,
        default=30,
        help="So long the distributor may sign after it was sent. 0 sets no limit.",
    )
    body = fields.Html(translate=True, help="The text of the agreement.")
    duty_ids = fields.One2many(
        comodel_name="distributor.agreement.duty",
        inverse_name="template_id",
        string="Duties",
        copy=True,
    )
    version = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        help="Counts up when text or duties change after somebody was sent them.",
    )
    placeholders = fields.Char(compute="_compute_placeholders")
    agreement_count = fields.Integer(compute="_compute_agreement_counts")
    outdated_count = fields.Integer(
        compute="_compute_agreement_counts",
        help="Agreements in force whose distributor has not signed the newest text.",
    )

    _months_positive = models.Constraint(
        "CHECK(months > 0)", "An agreement is valid for at least one month."
    )
    _days_not_negative = models.Constraint(
        "CHECK(notice_days >= 0 AND renewal_days >= 0 AND offer_days >= 0)",
        "Days are counted from zero up.",
    )

    def _compute_placeholders(self):
        names = " ".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS)
        self.placeholders = names

    def _compute_agreement_counts(self):
        Agreement = self.env["distributor.agreement"]
        mine = [("template_id", "in", self.ids)]
        total = dict(Agreement._read_group(mine, ["template_id"], ["__count"]))
        late = dict(
            Agreement._read_group(
                [*mine, ("needs_acknowledgement", "=", True)],
                ["template_id"],
                ["__count"],
            )
        )
        for template in self:
            template.agreement_count = total.get(template, 0)
            template.outdated_count = late.get(template, 0)

    @api.constrains("body")
    def _check_placeholders(self):
        for template in self:
            unknown = set(PLACEHOLDER.findall(template.body or "")) - {*PLACEHOLDERS}
            if unknown:
                raise ValidationError(
                    self.env._(
                        "%(unknown)s cannot be filled in. A text may name: %(known)s.",
                        unknown=", ".join(sorted(unknown)),
                        known=", ".join(PLACEHOLDERS),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {key: value for key, value in vals.items() if key != "version"}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = {key: value for key, value in vals.items() if key != "version"}
        if "mode" in vals:
            self._check_mode_is_free(vals["mode"])
        result = super().write(vals)
        if "body" in vals:
            self._count_up()
        return result

    def _check_mode_is_free(self, mode):
        """Refuse another mode for texts that distributors were sent.

        :raises UserError: names the template
        """
        # All companies' agreements count, seen or not.
        sent = self.env["distributor.agreement"].sudo()
        for template in self.filtered(lambda t: t.mode != mode):
            if sent.search_count(
                [("template_id", "=", template.id), ("state", "!=", "draft")], limit=1
            ):
                raise UserError(
                    self.env._(
                        "Agreements were made from %s: its mode stays. Make a new "
                        "template.",
                        template.name,
                    )
                )

    def _count_up(self):
        """Give templates whose text changed, and was sent before, their next version."""
        # All companies' agreements count, seen or not; versions are counted by code.
        for template in self.sudo():
            sent = [
                ("template_id", "=", template.id),
                ("template_version", "=", template.version),
            ]
            if self.env["distributor.agreement"].sudo().search_count(sent, limit=1):
                template.version += 1

    # -- filling in ------------------------------------------------------------------

    def _render(self, agreement):
        """Return the text as agreed with one distributor.

        Only the placeholders named above are replaced, by escaped text: whoever writes
        a template gets at no other data.

        :raises UserError: the text names something else, or there is none
        """
        self.ensure_one()
        if not PLACEHOLDER.sub("", self.body or "").strip():
            raise UserError(self.env._("%s has no text yet.", self.name))
        values = self._get_values(agreement)
        unknown = set(PLACEHOLDER.findall(self.body)) - values.keys()
        if unknown:
            raise UserError(
                self.env._(
                    "The text of %(template)s names %(unknown)s, which cannot be "
                    "filled in.",
                    template=self.name,
                    unknown=", ".join(sorted(unknown)),
                )
            )
        filled = PLACEHOLDER.sub(lambda match: values[match[1]], str(self.body))
        return Markup(filled)  # noqa: S704 - a sanitised field and escaped values

    def _get_values(self, agreement):
        partner, company = agreement.partner_id, agreement.company_id
        modes = dict(agreement._fields["mode"]._description_selection(self.env))
        values = {
            "number": agreement.name,
            "company": company.name,
            "company_address": company.partner_id.contact_address_inline,
            "distributor": partner.name,
            "distributor_code": partner.ref,
            "distributor_tax_id": partner.vat,
            "distributor_address": partner.contact_address_inline,
            "invited_by": agreement.parent_store_id.name,
            "mode": modes[agreement.mode],
            "tier": agreement.grade_id.name,
            "territory": agreement.territory,
            "price_floor": agreement.price_floor,
            "date_from": format_date(self.env, agreement.date_from),
            "date_to": format_date(self.env, agreement.date_to),
            "notice_days": str(agreement.notice_days),
        }
        return {name: str(escape(value or "—")) for name, value in values.items()}

    # -- buttons ---------------------------------------------------------------------

    def action_view_agreements(self):
        """Open the agreements that were made from these templates."""
        return self.env["distributor.agreement"]._get_list_action(
            [("template_id", "in", self.ids)]
        )

    def action_request_acknowledgement(self):
        """Send the new text to all who signed an older one, as a supplement (R028).

        :raises UserError: everybody has signed the newest text, or was sent it
        """
        self.check_access("write")
        agreements = self.env["distributor.agreement"].search(
            [
                ("template_id", "in", self.ids),
                ("needs_acknowledgement", "=", True),
            ]
        )
        supplements = agreements._amend()
        if not supplements:
            raise UserError(
                self.env._("Everybody has the newest text already, or was sent it.")
            )
        supplements.action_send()
        return self.env["distributor.agreement"]._get_list_action(
            [("id", "in", supplements.ids)]
        )
