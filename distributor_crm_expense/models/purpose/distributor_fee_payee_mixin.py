# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

HANDED_IN = ("submitted", "signed", "paid")


class DistributorFeePayeeMixin(models.AbstractModel):
    """A purpose that a customer gets once a month is asked for in one document (R135).

    All products of one representative's month are one claim; so is a special fee.
    Models say what their claim is.
    """

    _inherit = "distributor.fee.payee.mixin"

    purpose_hint = fields.Char(
        string="Terms of the Purpose",
        compute="_compute_purpose_hint",
        help="What the purpose asks for before it is paid.",
    )
    is_repeated = fields.Boolean(
        compute="_compute_purpose_hint",
        help="The customer gets this once a month, and it is asked for twice.",
    )

    @api.depends("purpose_id", "partner_id", "payee_id")
    def _compute_purpose_hint(self):
        repeats = self._find_repeats()
        for record in self:
            amount = record._get_fee_amount()
            purpose = record.purpose_id
            terms = (
                purpose._describe_terms(amount, record.currency_id)
                if purpose and record.currency_id and amount > 0
                else ""
            )
            repeat = repeats.get(record)
            record.is_repeated = bool(repeat)
            record.purpose_hint = " ".join(filter(None, (repeat, terms))) or False

    def _find_repeats(self):
        """Return {record: why it is asked for twice} of what a month allows once."""
        asked = self.filtered(
            lambda record: (
                record.purpose_id.once_a_period
                and record.partner_id
                and record.state != "void"
                and record.compliance_state != "refused"
                and record._get_fee_amount() > 0
            )
        )
        if not asked:
            return {}
        claims = defaultdict(dict)
        for other in asked._get_claims():
            claims[other._get_claim_key()][other._get_claim()] = other
        found = {}
        for record in asked:
            others = claims[record._get_claim_key()]
            own = record._get_claim()
            for claim, other in others.items():
                if claim != own:
                    found[record] = record._describe_repeat(other)
                    break
        return found

    def _get_claims(self):
        """Return all that was handed in for the same customers, purposes and months."""
        # Who claims the same is judged by, whatever the user sees of it.
        partners = self.partner_id.sudo().commercial_partner_id
        months = sorted({record._get_claim_month() for record in self})
        for name in self.env.registry.descendants(
            ["distributor.fee.payee.mixin"], "_inherit"
        ):
            model = self.env[name].sudo()
            if model._abstract:
                continue
            yield from model.search(
                Domain("company_id", "in", self.company_id.ids)
                & Domain("purpose_id", "in", self.purpose_id.ids)
                & Domain("partner_id", "child_of", partners.ids)
                & Domain("state", "in", HANDED_IN)
                & Domain("compliance_state", "!=", "refused")
                & Domain(model._fee_amount_field, ">", 0)
                & model._get_claim_domain(months)
            )

    def _get_claim_key(self):
        partner = self.partner_id.sudo().commercial_partner_id
        return (
            self.company_id.id,
            partner._origin.id,
            self.purpose_id._origin.id,
            self._get_claim_month(),
        )

    def _describe_repeat(self, other):
        return self.env._(
            "“%(purpose)s” is granted once a customer and month, and %(customer)s is to "
            "get it for %(month)s in %(other)s too. Choose another purpose in one of "
            "the two.",
            purpose=self.purpose_id.name,
            customer=self.partner_id.name,
            month=format_date(self.env, self._get_claim_month(), date_format="MMMM y"),
            other=other._get_document().display_name,
        )

    # -- hooks for models ------------------------------------------------------------

    def _get_claim(self):
        """Hook: return what tells one claim from another."""
        return self._name, self._origin.id

    def _get_claim_month(self):
        """Hook: return the first day of the month that this is for."""
        return fields.Date.context_today(self).replace(day=1)

    @api.model
    def _get_claim_domain(self, months):
        """Hook: return the domain of what is for these months, and maybe more."""
        return Domain.TRUE
