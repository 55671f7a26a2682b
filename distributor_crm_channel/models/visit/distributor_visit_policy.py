# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("promoter", "Brought by a Field Agent"),
    ("external", "Brought by an External Agent"),
    ("care", "Visit to a Distributor"),
    ("check", "Store or Display Check"),
]
# Kinds where somebody brings a customer.
BROUGHT = ("promoter", "external")
# What is delivered, of each kind; companies start from copies of these.
SHIPPED = {kind: f"distributor_crm_channel.visit_policy_{kind}" for kind, _ in KINDS}
# What people may change while visits are judged by a policy.
FREE_FIELDS = {
    "active",
    "name",
    "note",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "message_partner_ids",
}


class DistributorVisitPolicy(models.Model):
    """By what a kind of visit is judged and signed, from a day on (R050-R054, R074).

    A visit keeps the version that held when it arrived; a later one changes nothing
    about it.
    """

    _name = "distributor.visit.policy"
    _description = "Visit Policy"
    _inherit = ["mail.thread"]
    _order = "kind, date_from desc, id desc"

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=KINDS, required=True, default="promoter", tracking=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        tracking=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="It holds until the next one of this kind starts.",
    )
    criterion_ids = fields.One2many(
        comodel_name="distributor.visit.criterion",
        inverse_name="policy_id",
        string="Criteria",
        copy=True,
    )
    # Who receives
    assignment = fields.Selection(
        selection=[
            ("queue", "The first of the queue who is free"),
            ("manual", "Whoever takes the visit"),
        ],
        string="Receptionist",
        required=True,
        default="queue",
        tracking=True,
        help="Never somebody of the agency that brings the customer.",
    )
    place_id = fields.Many2one(
        comodel_name="res.partner",
        string="Showroom",
        tracking=True,
        help="The address to which customers are brought. Empty: that of the company.",
    )
    # Whose customer
    dispute_minutes = fields.Integer(
        string="Same Customer Within (Minutes)",
        default=60,
        tracking=True,
        help="Two agents who bring the same customer within so many minutes: the first "
        "wins, the second is disputed. 0: never.",
    )
    protection_days = fields.Integer(
        default=30,
        tracking=True,
        help="For so many days the customer is the agent's who brought him, and a sale "
        "to him is credited.",
    )
    deal_event = fields.Selection(
        selection=[
            ("confirmed", "The order is confirmed"),
            ("invoiced", "The order is invoiced"),
        ],
        string="A Sale Counts When",
        required=True,
        default="confirmed",
        tracking=True,
    )
    # The form
    sign_mode = fields.Selection(
        selection=[
            ("any", "Any one of them signs"),
            ("all", "All of them sign"),
            ("confirm", "The receptionist, then a final confirmer"),
        ],
        string="Signatures",
        required=True,
        default="any",
        tracking=True,
        help="Who signs the registration form: receptionist, channel assistant and sales "
        "manager; or the receptionist and one of the final confirmers.",
    )
    confirm_hours = fields.Integer(
        string="Signed Within (Hours)",
        default=24,
        tracking=True,
        help="After the form was handed in. Late forms are reminded of and marked.",
    )
    appeal_days = fields.Integer(
        default=7,
        tracking=True,
        help="For so many days the agency may appeal against a verdict.",
    )
    note = fields.Text(string="Notice to Agencies")

    _once_a_day = models.UniqueIndex(
        "(company_id, kind, date_from) WHERE active",
        "A policy of this kind starts on that day already.",
    )
    _numbers_positive = models.Constraint(
        "CHECK(dispute_minutes >= 0 AND protection_days >= 0 AND confirm_hours >= 0"
        " AND appeal_days >= 0)",
        "Days, hours and minutes are 0 or more.",
    )

    def write(self, vals):
        if vals.keys() - FREE_FIELDS:
            self._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _check_unused(self):
        """Refuse to change what visits were judged by.

        :raises UserError: says what to do instead
        """
        # Whoever keeps the policies need not see all visits.
        used = (
            self.env["distributor.visit"]
            .sudo()
            .search([("policy_id", "in", self.ids)], limit=1)
        )
        if used:
            raise UserError(
                self.env._(
                    "Visits were judged by “%s”. Duplicate it, with a later first day, "
                    "and change the copy.",
                    used.policy_id.name,
                )
            )

    @api.model
    def _find(self, kind, company, day):
        """Return the version in force for a kind of visit on a day, or nothing."""
        # What visits are judged by is no secret to those who make them.
        return self.sudo().search(
            [
                ("kind", "=", kind),
                ("company_id", "=", company.id),
                ("date_from", "<=", day),
            ],
            order="date_from desc",
            limit=1,
        )

    @api.model
    def _get(self, kind, company, day):
        """Return the version in force for a kind of visit on a day.

        :raises UserError: there is none; says who sets one
        """
        policy = self._find(kind, company, day)
        if not policy:
            kinds = dict(self._fields["kind"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(company)s has no policy for “%(kind)s” on %(day)s. Ask the "
                    "channel administrator to set one: Channel › Configuration › Visit "
                    "Policies.",
                    company=company.name,
                    kind=kinds[kind],
                    day=day,
                )
            )
        return policy

    @api.model
    def _create_missing(self, companies=None):
        """Give companies the rules that they lack; those that are there stay.

        A kind whose rules a company has archived is not missing: it wants none.

        :param companies: all where left out
        """
        if companies is None:
            companies = self.env["res.company"].search([("id", "!=", False)])
        existing = self.with_context(active_test=False)
        have = set(
            existing._read_group(
                [("company_id", "in", companies.ids)], ["company_id", "kind"]
            )
        )
        for kind, xmlid in SHIPPED.items():
            shipped = self.env.ref(xmlid, raise_if_not_found=False)
            lacking = companies.filtered(lambda c, k=kind: (c, k) not in have)
            if shipped and lacking:
                shipped._copy_to(lacking)

    def _copy_to(self, companies):
        """Give companies these rules, in all languages; the showroom is their own."""
        self.ensure_one()
        start = {
            "date_from": "2020-01-01",
            "active": True,
            "place_id": False,
            "note": False,
        }
        [values] = self.copy_data(start)
        copies = self.create(
            [{**values, "company_id": company.id} for company in companies]
        )
        for copy in copies:
            self.copy_translations(copy, excluded=start)
