# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorVisitRate(models.Model):
    """What an agency is paid for the visits of one kind, from a day on (R073, R074).

    A visit is paid by the version of the day it arrived.
    """

    _name = "distributor.visit.rate"
    _description = "Rate Card"
    _inherit = ["distributor.visit.version", "mail.thread"]
    _order = "kind, date_from desc, id desc"

    kind = fields.Selection(
        selection=[("promoter", "Field agents"), ("external", "External agents")],
        string="For",
        default="promoter",
        required=True,
        tracking=True,
    )
    trigger = fields.Selection(
        selection=[
            ("deal", "The group bought"),
            ("valid", "The visit is valid"),
        ],
        string="Paid When",
        default="deal",
        required=True,
        tracking=True,
        help="In both cases the signed form is the basis: without it nothing is paid.",
    )
    amount = fields.Monetary(
        string="Per Group", default=100, required=True, tracking=True
    )
    commission_rate = fields.Float(
        string="Commission (%)",
        digits=(16, 4),
        tracking=True,
        help="Of the untaxed amount of the sale, besides what is paid per group.",
    )
    commission_max = fields.Monetary(
        string="Commission at Most", tracking=True, help="A sale. 0: no limit."
    )
    payee = fields.Selection(
        selection=[("agency", "The agency"), ("person", "The person who brought them")],
        string="Paid To",
        default="agency",
        required=True,
        tracking=True,
        help="Penalties are set against what the agency gets, never against a person.",
    )
    day_wage = fields.Monetary(
        string="Day's Wage",
        tracking=True,
        help="What the agency is charged for an empty post from the second time on.",
    )
    reading_ids = fields.One2many(
        comodel_name="distributor.visit.rate.reading", inverse_name="rate_id"
    )
    reading_count = fields.Integer(string="Read By", compute="_compute_reading_count")

    _amounts_positive = models.Constraint(
        "CHECK(amount >= 0 AND COALESCE(day_wage, 0) >= 0 "
        "AND COALESCE(commission_max, 0) >= 0 "
        "AND COALESCE(commission_rate, 0) BETWEEN 0 AND 100)",
        "Amounts are not below zero, and a commission is at most 100%.",
    )
    _one_a_day = models.UniqueIndex(
        "(company_id, kind, COALESCE(agency_id, 0), date_from) WHERE active",
        "There is a rate card from this day already.",
    )

    @api.model
    def _get_default_name(self):
        # EXTENDS distributor.visit.version
        return self.env._("Visit rates")

    def _get_version_key(self):
        # EXTENDS distributor.visit.version
        return (*super()._get_version_key(), self.kind)

    def _get_used_ids(self):
        # EXTENDS distributor.visit.version; whether it is used is no secret
        lines = self.env["distributor.visit.settlement.line"].sudo()
        found = lines._read_group([("rate_id", "in", self.ids)], ["rate_id"])
        return {rate.id for (rate,) in found}

    def _compute_reading_count(self):
        counts = dict(
            self.env["distributor.visit.rate.reading"]
            .sudo()  # counted for whoever reads the card
            ._read_group([("rate_id", "in", self.ids)], ["rate_id"], ["__count"])
        )
        for rate in self:
            rate.reading_count = counts.get(rate, 0)

    @api.model
    def _get_day_wage(self, company, agency, day):
        """Return a day's wage at an agency, 0 where its rate card names none."""
        return self._find_version(company, agency, day, kind="promoter").day_wage or 0

    # -- notice to agencies ------------------------------------------------------------

    def _get_agencies(self):
        """Return the agencies that these terms are for."""
        self.ensure_one()
        if self.agency_id:
            return self.agency_id
        return self.env["res.partner"].search(
            [
                ("is_visit_agency", "=", True),
                ("company_id", "in", (False, self.company_id.id)),
            ]
        )

    def action_notify(self):
        """Tell the agencies; on the portal each of them says that it has read it."""
        self.ensure_one()
        self.check_access("write")
        agencies = self._get_agencies()
        if not agencies:
            raise UserError(self.env._("There is no agency to tell."))
        self.message_post(
            body=self.env._(
                "New rates from %(day)s: “%(name)s”. Please read them in the portal "
                "under Visit Settlements.",
                day=self.date_from,
                name=self.name,
            ),
            partner_ids=agencies.ids,
            subtype_xmlid="mail.mt_comment",
        )
        return True

    @api.model
    def _get_portal_domain(self, agency):
        """Return the domain of the terms that an agency may read."""
        return [("agency_id", "in", (False, agency.id))]

    def _read_by(self, agency, user):
        """Keep that an agency has read these terms; once each."""
        self.ensure_one()
        readings = self.env["distributor.visit.rate.reading"].sudo()
        known = readings.search_count(
            [("rate_id", "=", self.id), ("agency_id", "=", agency.id)], limit=1
        )
        if not known:
            readings.create(
                {"rate_id": self.id, "agency_id": agency.id, "user_id": user.id}
            )


class DistributorVisitRateReading(models.Model):
    """An agency has read the terms."""

    _name = "distributor.visit.rate.reading"
    _description = "Rate Card Read"
    _order = "id desc"

    rate_id = fields.Many2one(
        comodel_name="distributor.visit.rate",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    agency_id = fields.Many2one(
        comodel_name="res.partner", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(comodel_name="res.users", required=True, readonly=True)
    read_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)

    _once = models.Constraint("UNIQUE(rate_id, agency_id)", "It was read already.")
