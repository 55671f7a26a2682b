# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.distributor_crm.guard import find_other_states, without_closed

from ...trace.codes import read_code

# What the trace and the buttons alone set, over RPC too.
CLOSED = {
    "code",
    "barcode",
    "lot_id",
    "verdict",
    "state",
    "source_partner_id",
    "candidate_ids",
    "territory_id",
    "home_ids",
    "filing_id",
    "delivered_at",
    "picking_id",
    "trail",
    "traced_at",
    "is_proposed",
    "violation_id",
    "channel",
    "groupbuy_id",
    "is_elsewhere",
}
# From these it is traced anew.
INPUT = {
    "typed_code",
    "product_id",
    "seen_at",
    "country_id",
    "state_id",
    "city",
    "zip",
    "sales_channel_id",
    "latitude",
    "longitude",
}


class DistributorCodeSighting(models.Model):
    """A code that somebody saw somewhere, and whose goods it says they were (R145)."""

    _name = "distributor.code.sighting"
    _description = "Code Sighting"
    _inherit = ["mail.thread", "mail.activity.mixin", "distributor.evidence.mixin"]
    _order = "seen_at desc, id desc"
    _rec_name = "code"
    _check_company_auto = True

    typed_code = fields.Char(
        string="Code",
        required=True,
        size=256,
        help="As it was typed or scanned: a lot or serial number, a GS1 code or the link "
        "of the verification page.",
    )
    code = fields.Char(string="Number", readonly=True, index=True)
    barcode = fields.Char(string="Product Barcode", readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    seen_at = fields.Datetime(
        string="Seen On", required=True, default=fields.Datetime.now, index=True
    )
    channel = fields.Selection(
        selection=[
            ("staff", "Own Staff"),
            ("partner", "Distributor"),
            ("public", "Public Page"),
        ],
        string="Seen By",
        required=True,
        default="staff",
        readonly=True,
        index=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Entered By",
        readonly=True,
        default=lambda self: self.env.uid,
    )
    reporter_id = fields.Many2one(
        comodel_name="res.partner",
        string="Reported By",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The distributor who saw it.",
    )
    # Where
    shop = fields.Char(
        string="Seen At", help="The shop, or the web address, where it was on sale."
    )
    country_id = fields.Many2one(
        comodel_name="res.country",
        default=lambda self: self.env.company.country_id,
        ondelete="restrict",
    )
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Province",
        domain="[('country_id', '=?', country_id)]",
        ondelete="restrict",
        index="btree_not_null",
    )
    city = fields.Char(string="City or County")
    zip = fields.Char(string="Postal Code")
    latitude = fields.Float(digits=(10, 7), aggregator=None)
    longitude = fields.Float(digits=(10, 7), aggregator=None)
    sales_channel_id = fields.Many2one(
        comodel_name="distributor.territory.channel", string="Sold Through"
    )
    note = fields.Text()
    # What it is
    product_id = fields.Many2one(
        comodel_name="product.product",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Needed only where several products have lots of this number.",
    )
    categ_id = fields.Many2one(
        related="product_id.categ_id", string="Product Category", store=True
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    # Whose it was
    verdict = fields.Selection(
        selection=[
            ("unknown", "Unknown Code"),
            ("stock", "Never Sold"),
            ("direct", "Sold to No Distributor"),
            ("ambiguous", "Several Distributors"),
            ("unclear", "Place Unclear"),
            ("free", "Bound to No Territory"),
            ("inside", "Inside"),
            ("agreed", "Agreed"),
            ("outside", "Outside"),
        ],
        string="Result",
        readonly=True,
        index=True,
        tracking=True,
    )
    source_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Delivered To",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    candidate_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="distributor_code_sighting_candidate_rel",
        string="May Be Of",
        readonly=True,
        help="The lot went to several distributors: a person finds out whose it was.",
    )
    delivered_at = fields.Datetime(string="Delivered On", readonly=True)
    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Delivery",
        readonly=True,
        index="btree_not_null",
    )
    territory_id = fields.Many2one(
        comodel_name="distributor.territory",
        string="Territory Where Seen",
        readonly=True,
        index="btree_not_null",
    )
    home_ids = fields.Many2many(
        comodel_name="distributor.territory",
        relation="distributor_code_sighting_home_rel",
        string="Where He May Sell",
        readonly=True,
    )
    filing_id = fields.Many2one(
        comodel_name="distributor.territory.filing",
        string="Cross-territory Filing",
        readonly=True,
        index="btree_not_null",
    )
    trail = fields.Json(string="Deliveries", readonly=True)
    trail_text = fields.Text(string="Trail", compute="_compute_trail_text")
    traced_at = fields.Datetime(readonly=True)
    # What follows
    state = fields.Selection(
        selection=[
            ("noted", "Noted"),
            ("suspected", "Suspected"),
            ("case", "Case Open"),
            ("dismissed", "Dismissed"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="noted",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    is_proposed = fields.Boolean(
        string="Case Proposed",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="So many codes of this distributor were seen outside his territory that a "
        "case is proposed.",
    )
    dismissal = fields.Text(
        string="Why Dismissed", help="Needed to dismiss a suspicion."
    )
    violation_id = fields.Many2one(
        comodel_name="distributor.violation",
        string="Case",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    query_count = fields.Integer(
        string="Times Seen",
        compute="_compute_query_count",
        help="How often this number was entered, by whomever. A bottle whose code many "
        "people ask for may be copied.",
    )

    _source_index = models.Index(
        "(company_id, source_partner_id, seen_at) WHERE source_partner_id IS NOT NULL"
    )
    _position_sane = models.Constraint(
        "CHECK(latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)",
        "Enter a latitude of -90 to 90 and a longitude of -180 to 180 degrees.",
    )

    def _compute_query_count(self):
        counts = {}
        codes = [code for code in self.mapped("code") if code]
        if codes:
            # Counted over all, whoever may read them.
            counts = dict(
                self.sudo()._read_group([("code", "in", codes)], ["code"], ["__count"])
            )
        for sighting in self:
            sighting.query_count = counts.get(sighting.code, 0)

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        for vals in vals_list:
            found = read_code(vals.get("typed_code"))
            vals.update(code=found.text, barcode=found.barcode)
        sightings = super().create(vals_list)
        sightings._trace()
        return sightings

    def write(self, vals):
        if CLOSED & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("The trace and the buttons of the form set this.")
            )
        if INPUT & vals.keys() and not self.env.su:
            self._check_state("noted", "suspected")
        if "typed_code" in vals:
            found = read_code(vals["typed_code"])
            self.sudo().write({"code": found.text, "barcode": found.barcode})
        result = super().write(vals)
        if INPUT & vals.keys() and not self.env.context.get("is_tracing"):
            self._trace()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_case(self):
        self._check_state("noted", "dismissed")

    def _check_state(self, *states):
        """Refuse what is done to sightings in another status."""
        if wrong := find_other_states(self, states):
            raise UserError(
                self.env._(
                    "%(records)s: this is done in status %(states)s only.", **wrong
                )
            )

    def _set(self, **values):
        """Write what is closed to users; whoever calls has checked who may."""
        return self.sudo().with_context(is_tracing=True).write(values)

    # -- place -------------------------------------------------------------------------

    @api.onchange("country_id")
    def _onchange_country_id(self):
        if self.state_id.country_id != self.country_id:
            self.state_id = False

    def _locate(self):
        """Fill in the province of sightings that have coordinates alone: that of the
        nearest contact whose position is known, within half a degree."""
        self.env["res.partner"].flush_model()
        for sighting in self:
            if sighting.state_id or sighting.city or not sighting.latitude:
                continue
            found = self.env.execute_query(
                SQL(
                    """
                    SELECT country_id, state_id, city FROM res_partner
                     WHERE active AND country_id IS NOT NULL AND state_id IS NOT NULL
                       AND partner_latitude BETWEEN %(lat)s - 0.5 AND %(lat)s + 0.5
                       AND partner_longitude BETWEEN %(lon)s - 0.5 AND %(lon)s + 0.5
                       AND (partner_latitude <> 0 OR partner_longitude <> 0)
                     ORDER BY (partner_latitude - %(lat)s) ^ 2
                           + ((partner_longitude - %(lon)s) * cosd(%(lat)s)) ^ 2
                     LIMIT 1
                    """,
                    lat=sighting.latitude,
                    lon=sighting.longitude,
                )
            )
            if found:
                country, state, city = found[0]
                sighting._set(country_id=country, state_id=state, city=city)

    def _get_place(self):
        self.ensure_one()
        return (self.country_id, self.state_id, self.city, self.zip)

    def _get_evidence_place(self):
        # EXTENDS distributor_crm
        return {
            "latitude": self.latitude,
            "longitude": self.longitude,
            "since": self.seen_at,
        }
