# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorCompetitor(models.Model):
    """Who else sells to our distributors, and with what (R220, A06)."""

    _name = "distributor.competitor"
    _description = "Competitor"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    active = fields.Boolean(default=True)
    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Left empty: for every company.",
    )
    category_id = fields.Many2one(
        comodel_name="distributor.competitor.category", string="Kind", tracking=True
    )
    threat = fields.Selection(
        selection=[("0", "None"), ("1", "Low"), ("2", "Medium"), ("3", "High")],
        default="0",
        tracking=True,
    )
    country_id = fields.Many2one(comodel_name="res.country")
    website = fields.Char()
    characteristics = fields.Properties(
        definition="category_id.characteristic_definition",
        help="What else is noted of competitors of this kind. Add a characteristic here, "
        "and all of the kind have it.",
    )
    feature_ids = fields.One2many(
        comodel_name="distributor.competitor.feature",
        inverse_name="competitor_id",
        string="Products and Features",
    )
    note = fields.Html()
    observation_ids = fields.One2many(
        comodel_name="distributor.competitor.observation", inverse_name="competitor_id"
    )
    observation_count = fields.Integer(compute="_compute_counts")
    distributor_count = fields.Integer(
        string="Distributors We Share",
        compute="_compute_counts",
        help="Distributors at whom it was seen in the last 12 months.",
    )
    store_count = fields.Integer(
        string="Stores We Share",
        compute="_compute_counts",
        help="Stores in which it was seen in the last 12 months; where no store was "
        "named, the open stores of the distributor.",
    )

    _name_once = models.Constraint(
        "UNIQUE(name, company_id)", "There is a competitor of this name already."
    )

    @api.depends("observation_ids.partner_id", "observation_ids.store_id")
    def _compute_counts(self):
        Observation = self.env["distributor.competitor.observation"]
        totals = dict(
            Observation._read_group(
                [("competitor_id", "in", self.ids)], ["competitor_id"], ["__count"]
            )
        )
        rows = Observation._read_group(
            [("competitor_id", "in", self.ids), ("date", ">=", "today -12m")],
            ["competitor_id"],
            ["partner_id:recordset", "store_id:recordset"],
        )
        shared = {competitor: found for competitor, *found in rows}
        nobody = (self.env["res.partner"], self.env["distributor.store"])
        for competitor in self:
            partners, stores = shared.get(competitor, nobody)
            competitor.observation_count = totals.get(competitor, 0)
            competitor.distributor_count = len(partners)
            others = (partners - stores.partner_id).store_ids
            open_stores = others.filtered(lambda store: store.state == "open")
            competitor.store_count = len(stores | open_stores)

    def action_view_observations(self):
        """Open what was seen of these competitors."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_competitor_observation_action"
        )
        context = {"default_competitor_id": self.id} if len(self) == 1 else {}
        domain = [("competitor_id", "in", self.ids)]
        return {**action, "domain": domain, "context": context}

    def action_view_distributors(self):
        """Open the distributors that these competitors share with us."""
        seen = self.env["distributor.competitor.observation"].search(
            [("competitor_id", "in", self.ids), ("date", ">=", "today -12m")]
        )
        return seen.partner_id._get_records_action(
            name=self.env._("Distributors We Share")
        )
