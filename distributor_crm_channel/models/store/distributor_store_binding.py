# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class DistributorStoreBinding(models.Model):
    """A shopper who belongs to a store for a while: what he buys counts as its sale
    (R014, R169), by the rules of the website."""

    _name = "distributor.store.binding"
    _description = "Shopper of a Store"
    _order = "since desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Shopper",
        required=True,
        ondelete="cascade",
        index=True,
    )
    store_id = fields.Many2one(
        comodel_name="distributor.store",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="store_id.company_id", store=True, precompute=True
    )
    since = fields.Date(required=True, default=fields.Date.context_today)
    until = fields.Date(required=True)
    active = fields.Boolean(default=True)

    _one_store = models.UniqueIndex(
        "(partner_id, company_id) WHERE active",
        "This shopper belongs to a store already. End that first.",
    )
    _in_order = models.Constraint(
        "CHECK(until >= since)", "A binding cannot end before it begins."
    )

    @api.model
    def _get_store(self, partner, company):
        """Return the store that a shopper belongs to today; empty where there is none.

        :param partner: whoever shops; his company counts
        """
        binding = self.search(
            [
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "=", company.id),
                ("until", ">=", fields.Date.context_today(self)),
            ],
            limit=1,
        )
        return binding.store_id

    @api.model
    def _bind(self, partner, store, rule, days):
        """Bind a shopper to a store.

        :param rule: "first": a binding that stands is kept; "last": this one takes over
        :param days: how long it lasts from today
        :return: the binding that stands, empty where another request binds him right now
        """
        partner = partner.commercial_partner_id
        # Two windows of one shopper: the second leaves it to the first.
        if not partner.try_lock_for_update(allow_referencing=True):
            return self.browse()
        today = fields.Date.context_today(self)
        current = self.search(
            [("partner_id", "=", partner.id), ("company_id", "=", store.company_id.id)]
        )
        stands = current.until and current.until >= today
        if stands and (
            current.store_id == store
            or (rule == "first" and current.store_id.state == "open")
        ):
            if rule == "last":
                current.until = today + relativedelta(days=days)
            return current
        if current:
            current.write({"active": False, "until": max(current.since, today)})
            # One at a time: the old one is gone before the new one comes.
            current.flush_recordset()
        return self.create(
            {
                "partner_id": partner.id,
                "store_id": store.id,
                "since": today,
                "until": today + relativedelta(days=days),
            }
        )

    def action_end(self):
        """End bindings today."""
        today = fields.Date.context_today(self)
        for binding in self:
            binding.write({"active": False, "until": max(binding.since, today)})
        return True
