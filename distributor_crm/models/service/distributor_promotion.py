# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...guard import without_closed


class DistributorPromotion(models.Model):
    """What goes on for distributors and when: a promotion with its prices and gifts, or
    a topic that they take part in (R022, R032).

    It tells; the prices that orders take stand in pricelists.
    """

    _name = "distributor.promotion"
    _description = "Promotion for Distributors"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    kind = fields.Selection(
        selection=[("promotion", "Promotion"), ("topic", "Topic Activity")],
        string="Type",
        required=True,
        default="promotion",
        help="For a topic activity distributors register on the portal.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True, tracking=True)
    date_to = fields.Date(string="Until", required=True, tracking=True)
    grade_ids = fields.Many2many(
        comodel_name="res.partner.grade",
        string="Tiers",
        help="Distributors of these tiers see it; of all tiers where none is named.",
    )
    store_ids = fields.Many2many(
        comodel_name="distributor.store",
        string="Stores",
        check_company=True,
        help="Owners of these stores see it; of all stores where none is named.",
    )
    terms = fields.Html(translate=True, help="How it is done, who may take part.")
    gift_rule = fields.Text(
        string="Gifts", translate=True, help="e.g. Buy ten, get one on top."
    )
    kit_id = fields.Many2one(
        comodel_name="distributor.kit",
        string="Promotion Kit",
        check_company=True,
        help="The texts and pictures that go with it.",
    )
    line_ids = fields.One2many(
        comodel_name="distributor.promotion.line",
        inverse_name="promotion_id",
        string="Prices",
        copy=True,
    )
    participant_ids = fields.One2many(
        comodel_name="distributor.promotion.participant",
        inverse_name="promotion_id",
        readonly=True,
    )
    participant_count = fields.Integer(
        string="Registered", compute="_compute_participant_count"
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("published", "Published"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)", "A promotion ends on or after the day it starts."
    )

    def _compute_participant_count(self):
        counts = dict(
            self.env["distributor.promotion.participant"]._read_group(
                [("promotion_id", "in", self.ids)], ["promotion_id"], ["__count"]
            )
        )
        for promotion in self:
            promotion.participant_count = counts.get(promotion, 0)

    @api.model
    def _get_closed_names(self):
        return {"state", "participant_ids", "pricelist_item_ids"}

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, self._get_closed_names())
        return super().create(vals_list)

    def write(self, vals):
        if self._get_closed_names() & vals.keys() and not self.env.su:
            raise UserError(self.env._("Promotions are published with the button."))
        return super().write(vals)

    @api.constrains("kind")
    def _check_kind(self):
        for promotion in self:
            if promotion.kind != "topic" and promotion.participant_ids:
                raise ValidationError(
                    self.env._(
                        "Distributors registered for %s: it stays a topic activity.",
                        promotion.name,
                    )
                )

    def action_publish(self):
        """Show promotions to the distributors they are for."""
        self._set_state("published")
        return True

    def action_withdraw(self):
        """Take promotions off the portal."""
        self._set_state("withdrawn")
        return True

    def _set_state(self, state):
        self.check_access("write")
        self.sudo().state = state  # closed to users; the right was checked

    @api.model
    def _get_portal_domain(self, partner, company):
        """Return what a distributor sees today: running or coming, of his tier and
        stores, in the company that serves him."""
        today = fields.Date.context_today(self)
        tiers = Domain("grade_ids", "=", False) | Domain(
            "grade_ids", "in", partner.grade_id.ids
        )
        stores = Domain("store_ids", "=", False) | Domain(
            "store_ids.partner_id", "=", partner.id
        )
        return (
            Domain("state", "=", "published")
            & Domain("date_to", ">=", today)
            & Domain("company_id", "=", company.id)
            & tiers
            & stores
        )

    def _enroll(self, partner):
        """Register a distributor for a topic activity; once.

        :raises UserError: nobody registers for it
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        is_open = self.state == "published" and self.date_to >= today
        if self.kind != "topic" or not is_open:
            raise UserError(self.env._("Nobody can register for this any more."))
        if partner not in self.participant_ids.partner_id:
            self.participant_ids = [Command.create({"partner_id": partner.id})]
