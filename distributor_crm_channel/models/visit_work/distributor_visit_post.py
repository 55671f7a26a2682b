# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.distributor_crm.evidence import measure_metres


class DistributorVisitPost(models.Model):
    """A place where people of agencies, or our own representatives, stand (R044, R129)."""

    _name = "distributor.visit.post"
    _description = "Post"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, aggregator=None)
    kind = fields.Selection(
        selection=[
            ("interception", "Interception point"),
            ("showroom", "Showroom"),
            ("resident", "Resident at a distributor"),
        ],
        default="interception",
        required=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    agency_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("is_visit_agency", "=", True)],
        check_company=True,
        tracking=True,
        help="Whose people stand here; empty: of several agencies.",
    )
    distributor_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("is_distributor", "=", True)],
        check_company=True,
        help="At whose premises a resident representative works.",
    )
    place = fields.Char(string="Address", help="Where exactly: street, gate, floor.")
    latitude = fields.Float(digits=(10, 7), aggregator=None)
    longitude = fields.Float(digits=(10, 7), aggregator=None)
    radius = fields.Integer(
        string="Radius (m)",
        default=500,
        required=True,
        aggregator=None,
        help="A check recorded farther away is marked.",
    )
    date_from = fields.Date(string="From", default=fields.Date.context_today)
    date_to = fields.Date(string="Until", tracking=True)
    note = fields.Text()
    roster_ids = fields.One2many(
        comodel_name="distributor.visit.roster", inverse_name="post_id"
    )
    roster_count = fields.Integer(compute="_compute_counts")
    spot_count = fields.Integer(string="Checks", compute="_compute_counts")

    _radius_positive = models.Constraint(
        "CHECK(radius > 0)", "The radius is above zero."
    )
    _on_earth = models.Constraint(
        "CHECK(COALESCE(latitude, 0) BETWEEN -90 AND 90 "
        "AND COALESCE(longitude, 0) BETWEEN -180 AND 180)",
        "Latitude and longitude are degrees on Earth.",
    )

    def _compute_counts(self):
        shifts = dict(
            self.env["distributor.visit.roster"]._read_group(
                [("post_id", "in", self.ids), ("date", ">=", "today")],
                ["post_id"],
                ["__count"],
            )
        )
        checks = dict(
            self.env["distributor.visit.spot.line"]._read_group(
                [("post_id", "in", self.ids)], ["post_id"], ["__count"]
            )
        )
        for post in self:
            post.roster_count = shifts.get(post, 0)
            post.spot_count = checks.get(post, 0)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for post in self:
            if post.date_to and post.date_from and post.date_to < post.date_from:
                raise ValidationError(
                    self.env._("%s would close before it opens.", post.name)
                )

    def _get_distance(self, latitude, longitude):
        """Return the metres from here to a place, None where the post has none."""
        self.ensure_one()
        if not (self.latitude or self.longitude):
            return None
        return measure_metres(self.latitude, self.longitude, latitude, longitude)

    def action_view_roster(self):
        """Open the shifts at these posts."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_visit_roster_action"
        )
        return {
            **action,
            "domain": [("post_id", "in", self.ids)],
            "context": {"default_post_id": self[:1].id},
        }

    def action_view_spots(self):
        """Open what was found when these posts were checked."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_visit_spot_line_action"
        )
        return {**action, "domain": [("post_id", "in", self.ids)], "context": {}}
