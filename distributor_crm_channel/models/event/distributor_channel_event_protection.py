# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields, models
from odoo.exceptions import UserError


class DistributorChannelEvent(models.Model):
    """Protecting what distributors hold when a price falls: through the program of
    rebates that is made for it (R121)."""

    _inherit = "distributor.channel.event"

    claim_ids = fields.One2many(
        comodel_name="distributor.rebate.claim", inverse_name="channel_event_id"
    )
    claim_count = fields.Integer(compute="_compute_claim_count")
    has_protection = fields.Boolean(compute="_compute_has_protection")

    def _compute_claim_count(self):
        counts = dict(
            self.env["distributor.rebate.claim"]._read_group(
                [("channel_event_id", "in", self.ids)],
                ["channel_event_id"],
                ["__count"],
            )
        )
        for event in self:
            event.claim_count = counts.get(event, 0)

    def _compute_has_protection(self):
        for event in self:
            event.has_protection = any(event.line_ids.mapped("protects"))

    def action_view_claims(self):
        """Open the claims that the event led to."""
        return self.claim_ids._get_records_action(name=self.env._("Price Protection"))

    def action_price_protection(self):
        """Open the price protection with the products of the event, what each tier pays
        less, and the stocks that distributors declared.

        :raises UserError: there is no program for it, or nothing falls
        """
        self.ensure_one()
        self._check_decider()
        program = self._find_protection_program()
        wizard = self.env["distributor.rebate.price.protection"].create(
            {
                "program_id": program.id,
                "date": fields.Datetime.context_timestamp(self, self.starts_at).date(),
                "channel_event_id": self.id,
                "price_ids": [
                    Command.create(vals) for vals in self._prepare_protected_prices()
                ],
            }
        )
        wizard._check_prices()
        # Portal users declared it; who reads it here was checked.
        stocks = self.sudo().recipient_ids.stock_ids
        wizard._refresh(
            {(s.partner_id.id, s.product_id.id): s.quantity for s in stocks}
        )
        return wizard._reopen()

    def _find_protection_program(self):
        program = self.env["distributor.rebate.program"].search(
            [
                ("kind", "=", "price_protection"),
                ("measure", "=", "claim"),
                ("origin_id", "=", False),
                ("state", "=", "running"),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )
        if not program:
            raise UserError(
                self.env._(
                    "No price protection is running. Start a rebate program of this kind "
                    "first, under Rebates."
                )
            )
        return program

    def _prepare_protected_prices(self):
        """Return old and new price of each protected product, of the first pricelist.

        Tiers that pay other prices are corrected in the dialog.
        """
        currency = self.company_id.currency_id
        prices = []
        for line in self.line_ids.filtered("protects"):
            # Whoever may start an event sees its prices.
            item = self.sudo().item_ids.filtered(
                lambda i, one=line: (
                    i.channel_event_line_id == one and not i.min_quantity
                )
            )[:1]
            if item:
                rate = (
                    item.currency_id,
                    currency,
                    self.company_id,
                    self.starts_at.date(),
                )
                prices.append(
                    {
                        "product_id": line.product_id.id,
                        "old_price": rate[0]._convert(
                            item.price_before_event, *rate[1:]
                        ),
                        "new_price": rate[0]._convert(item.fixed_price, *rate[1:]),
                    }
                )
        return prices
