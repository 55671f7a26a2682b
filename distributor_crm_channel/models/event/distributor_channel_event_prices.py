# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.fields import Domain


class DistributorChannelEvent(models.Model):
    """An event's prices, as dated rules of Odoo's own pricelists (R121)."""

    _inherit = "distributor.channel.event"

    def _set_prices(self):
        """Write the rules of the event into its pricelists, once."""
        self.ensure_one()
        if self.item_ids:
            return
        vals_list = []
        for pricelist in self.pricelist_ids:
            for line in self.line_ids.filtered(lambda one: one.action != "none"):
                vals_list += self._prepare_items(pricelist, line)
        self.env["product.pricelist.item"].create(vals_list)

    def _prepare_items(self, pricelist, line):
        """Return the rules for a product: one for each quantity from which its price is
        another one, so that no rule for larger quantities goes before."""
        product = line.product_id
        vals_list = []
        for quantity in self._get_steps(pricelist, product):
            before = pricelist._get_product_price(
                product, max(quantity, 1), date=self.starts_at
            )
            vals_list.append(
                {
                    "pricelist_id": pricelist.id,
                    "applied_on": "0_product_variant",
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "product_id": product.id,
                    "min_quantity": quantity,
                    "compute_price": "fixed",
                    "fixed_price": self._get_new_price(line, pricelist, before),
                    "date_start": self.starts_at,
                    "date_end": self.ends_at,
                    "channel_event_line_id": line.id,
                    "price_before_event": before,
                }
            )
        return vals_list

    def _get_new_price(self, line, pricelist, before):
        currency = pricelist.currency_id
        if line.action == "freeze":
            return before
        if line.action == "percent":
            return currency.round(before * (1 + line.percent / 100))
        return self.company_id.currency_id._convert(
            line.price, currency, self.company_id, self.starts_at.date()
        )

    def _get_steps(self, pricelist, product):
        """Return the quantities from which a product costs something else, 0 first.

        :param pricelist: rules of it that hold some time of the event count
        """
        during = Domain("date_end", "=", False) | Domain(
            "date_end", ">=", self.starts_at
        )
        if self.ends_at:
            during &= Domain("date_start", "=", False) | Domain(
                "date_start", "<", self.ends_at
            )
        rules = self.env["product.pricelist.item"].search(
            during
            & Domain("pricelist_id", "=", pricelist.id)
            & Domain("min_quantity", ">", 0)
        )
        steps = {
            rule.min_quantity
            for rule in rules
            if rule._is_applicable_for(product, rule.min_quantity)
        }
        return [0, *sorted(steps)]

    def _end_prices(self, now):
        """Let the rules of these events end now; what has not begun is deleted, and what
        held for less than two seconds, which no rule can say."""
        last = fields.Datetime.subtract(now, seconds=1)
        items = self.item_ids
        ahead = items.filtered(lambda i: i.date_start and i.date_start >= last)
        ahead.unlink()
        running = (items - ahead).filtered(lambda i: not i.date_end or i.date_end > now)
        running.date_end = last
