# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.distributor_crm.guard import without_closed

# Set by the buttons alone, over RPC too.
CLOSED = {
    "name",
    "decision",
    "access_key",
    "decided_by_id",
    "decided_on",
    "refusal_reason",
    "withdrawn_on",
    "withdrawal_reason",
    "withdrawal_model",
    "withdrawal_source",
    "proposed_by_id",
    "proposal_reason",
    "certificate_id",
    "certificate_digest",
    "renews_id",
    "reminder_count",
}
# To whom, and for which shop: another one takes an authorization of his own.
PARTIES = {"partner_id", "shop_id", "store_id", "brand_id"}
SHOPS = ("shop_id", "store_id")


class DistributorAuthorization(models.Model):
    """What nobody changes by hand: decisions, numbers, and whose it is (R184)."""

    _inherit = "distributor.authorization"

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        defaults = any(self.env.context.get(f"default_{name}") for name in SHOPS)
        for vals in vals_list:
            is_for_shop = defaults or any(vals.get(name) for name in SHOPS)
            # Administrators alone create, and what they enter for a territory holds.
            vals.setdefault("decision", "draft" if is_for_shop else "granted")
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and CLOSED & vals.keys():
            raise UserError(
                self.env._(
                    "Use the buttons to grant, refuse or withdraw an authorization."
                )
            )
        if PARTIES & vals.keys():
            self._check_not_transferred(vals)
        return super().write(vals)

    def _check_not_transferred(self, vals):
        """Refuse to hand a decided authorization on to somebody else (R184).

        :raises UserError: says to whom it was given, and what to do
        """
        for record in self:
            changed = any(
                record[name].id != (vals[name] or False)
                for name in PARTIES & vals.keys()
            )
            if changed and record.decision != "draft":
                raise UserError(
                    self.env._(
                        "%(authorization)s cannot be transferred: it was given to "
                        "%(partner)s for this shop and brand alone. Withdraw it, and "
                        "authorize the other one anew.",
                        authorization=record.display_name,
                        partner=record.partner_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shown(self):
        shown = self.filtered(lambda r: r.name and r.decision != "draft")
        if shown:
            raise UserError(
                self.env._(
                    "%s: somebody may hold the certificate. Withdraw it instead, the "
                    "public page then says so.",
                    ", ".join(shown[:5].mapped("name")),
                )
            )

    @api.constrains("partner_id", "shop_id", "store_id")
    def _check_owner(self):
        for record in self:
            owner = record.shop_id.partner_id or record.store_id.partner_id
            if owner and owner != record.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(shop)s belongs to %(owner)s, not to %(partner)s.",
                        shop=record.shop_name,
                        owner=owner.name,
                        partner=record.partner_id.name,
                    )
                )
