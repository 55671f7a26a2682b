# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models

DAYS = 30


class DistributorCounter(models.Model):
    """People of ours at a distributor's: representatives who stay there, and counters or
    stores in his store that we staff (R129, R130)."""

    _name = "distributor.counter"
    _description = "Resident or Counter"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=[
            ("resident", "Resident Representative"),
            ("counter", "Counter of Ours"),
            ("store", "Store in the Store"),
        ],
        required=True,
        default="resident",
        tracking=True,
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
    store_id = fields.Many2one(
        comodel_name="distributor.store",
        index="btree_not_null",
        ondelete="set null",
        domain="[('partner_id', '=', partner_id)]",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Staff",
        domain=[("share", "=", False)],
        help="Who of us works there: supervises, trains, sells.",
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(string="Until", tracking=True)
    tasks = fields.Text(help="What they are there for: supervision, training, events.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    monthly_cost = fields.Monetary(string="Cost a Month", tracking=True)
    sales = fields.Monetary(
        string="Sales of 30 Days",
        compute="_compute_figures",
        help="Confirmed orders of the distributor, untaxed.",
    )
    days_present = fields.Integer(
        string="Days There (30)",
        compute="_compute_figures",
        help="Days with a check-in of the staff at this distributor.",
    )
    cost_share = fields.Float(string="Cost of Sales (%)", compute="_compute_figures")

    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "The last day is before the first.",
    )
    _cost_positive = models.Constraint(
        "CHECK(monthly_cost IS NULL OR monthly_cost >= 0)", "A cost is 0 or more."
    )

    def _compute_figures(self):
        """Orders and check-ins of the last 30 days, a query each."""
        since = fields.Datetime.now() - timedelta(days=DAYS)
        partners = self.partner_id
        # Whoever reads the counter is told what it brings.
        sales = dict(
            self.env["sale.report"]
            .sudo()
            ._read_group(
                [
                    ("commercial_partner_id", "in", partners.ids),
                    ("state", "=", "sale"),
                    ("date", ">=", since),
                    ("company_id", "in", self.company_id.ids),
                ],
                ["commercial_partner_id"],
                ["price_subtotal:sum"],
            )
        )
        days = {}
        for partner, user, _day in (
            self.env["distributor.visit"]
            .sudo()  # told to whoever reads the counter
            ._read_group(
                [
                    ("customer_id", "in", partners.ids),
                    ("user_id", "in", self.user_ids.ids),
                    ("arrived_at", ">=", since),
                    ("verdict", "!=", "invalid"),
                ],
                ["customer_id", "user_id", "arrived_at:day"],
            )
        ):
            days.setdefault(partner, []).append((user, _day))
        for counter in self:
            found = days.get(counter.partner_id, [])
            counter.days_present = len(
                {day for user, day in found if user in counter.user_ids}
            )
            counter.sales = sales.get(counter.partner_id, 0)
            counter.cost_share = (
                100 * counter.monthly_cost / counter.sales if counter.sales else 0
            )

    @api.onchange("partner_id", "kind")
    def _onchange_name(self):
        if self.partner_id and not self.name:
            kinds = dict(self._fields["kind"]._description_selection(self.env))
            self.name = f"{kinds[self.kind]}, {self.partner_id.name}"

    def action_view_visits(self):
        """Open the visits of the staff to this distributor."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_visit_action"
        )
        return {
            **action,
            "domain": [
                ("customer_id", "=", self.partner_id.id),
                ("user_id", "in", self.user_ids.ids),
            ],
            "context": {
                "default_customer_id": self.partner_id.id,
                "default_kind": "care",
            },
        }
