# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...guard import without_closed

ATTITUDES = [
    ("2", "Strongly for Us"),
    ("1", "For Us"),
    ("0", "Neutral"),
    ("-1", "Sceptical"),
    ("-2", "Against Us"),
]
STRENGTHS = [("1", "Acquainted"), ("2", "Good"), ("3", "Close")]
# They follow from the contact.
CLOSED = {"partner_id", "company_id"}


class DistributorRelation(models.Model):
    """Who of us knows whom at a distributor, and how well (R228, A34).

    A relation belongs to the organisation: it is handed over when our user leaves.
    """

    _name = "distributor.relation"
    _description = "Relation"
    _order = "partner_id, contact_id, strength desc, id"

    active = fields.Boolean(default=True)
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[
            ("commercial_partner_id.is_distributor", "=", True),
            ("is_company", "=", False),
        ],
        help="A person at the distributor.",
    )
    partner_id = fields.Many2one(
        related="contact_id.commercial_partner_id",
        string="Distributor",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(related="contact_id.company_id", store=True)
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Our Colleague",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    decision_role = fields.Selection(
        related="contact_id.decision_role", readonly=False, store=True
    )
    function = fields.Char(related="contact_id.function")
    attitude = fields.Selection(
        selection=ATTITUDES,
        required=True,
        default="0",
        help="What the contact thinks of us, as our colleague judges.",
    )
    attitude_value = fields.Integer(
        string="Attitude (-2 to 2)",
        compute="_compute_attitude_value",
        store=True,
        aggregator="avg",
    )
    strength = fields.Selection(selection=STRENGTHS, required=True, default="1")
    last_contact = fields.Date(
        compute="_compute_last_contact",
        help="The last message, meeting or finished activity of our colleague with this "
        "contact.",
    )
    is_cold = fields.Boolean(
        string="Gone Cold",
        compute="_compute_last_contact",
        search="_search_is_cold",
        help="No contact for as long as the settings allow.",
    )
    note = fields.Text(help="What matters to him, what was promised, what to avoid.")

    # Not an index: the merge of contacts looks for constraints alone.
    _once = models.Constraint(
        "UNIQUE(contact_id, user_id)",
        "This colleague and this contact stand there already. Change that line instead.",
    )

    @api.depends("attitude")
    def _compute_attitude_value(self):
        for relation in self:
            relation.attitude_value = int(relation.attitude or 0)

    @api.depends("contact_id", "user_id")
    def _compute_last_contact(self):
        days = dict(self._ask_last_contacts(self.ids))
        since = self._get_cold_day()
        for relation in self:
            day = days.get(relation._origin.id)
            relation.last_contact = day
            relation.is_cold = not day or day < since

    @api.model
    def _get_cold_day(self):
        return fields.Date.context_today(self) - timedelta(
            days=self.env.company.relation_cold_days
        )

    def _search_is_cold(self, operator, value):
        if operator != "in":
            return NotImplemented
        days = self._ask_last_contacts()
        since = self._get_cold_day()
        warm = [key for key, day in days if day and day >= since]
        return [("id", "not in" if True in value else "in", warm)]

    @api.model
    def _ask_last_contacts(self, ids=None):
        """Return (id, day of the last contact) of relations, by one statement.

        :param ids: of these; all by default
        """
        self.env.flush_all()
        chosen = SQL("TRUE") if ids is None else SQL("relation.id = ANY(%s)", ids)
        return self.env.execute_query(
            SQL(
                """
                SELECT relation.id, GREATEST(
                    (SELECT MAX(message.date) FROM mail_message message
                       LEFT JOIN mail_message_subtype kind
                         ON kind.id = message.subtype_id
                      WHERE message.model = 'res.partner'
                        AND message.res_id = relation.contact_id
                        AND message.author_id = own.partner_id
                        AND message.message_type IN
                            ('comment', 'email', 'email_outgoing')
                        AND message.is_internal IS NOT TRUE
                        AND kind.internal IS NOT TRUE),
                    (SELECT MAX(message.date)
                       FROM mail_message_res_partner_rel told
                       JOIN mail_message message ON message.id = told.mail_message_id
                      WHERE told.res_partner_id = relation.contact_id
                        AND message.author_id = own.partner_id
                        AND message.message_type IN
                            ('comment', 'email', 'email_outgoing')),
                    (SELECT MAX(task.date_done) FROM mail_activity task
                      WHERE task.res_model = 'res.partner'
                        AND task.res_id = relation.contact_id
                        AND task.user_id = relation.user_id AND NOT task.active),
                    (SELECT MAX(event.start)
                       FROM calendar_event_res_partner_rel his
                       JOIN calendar_event_res_partner_rel ours
                         ON ours.calendar_event_id = his.calendar_event_id
                        AND ours.res_partner_id = own.partner_id
                       JOIN calendar_event event ON event.id = his.calendar_event_id
                      WHERE his.res_partner_id = relation.contact_id
                        AND event.active AND event.start <= %(now)s)
                )::date
                  FROM distributor_relation relation
                  JOIN res_users own ON own.id = relation.user_id
                 WHERE %(chosen)s
                """,
                now=fields.Datetime.now(),
                chosen=chosen,
            )
        )

    @api.depends("contact_id", "user_id")
    def _compute_display_name(self):
        for relation in self:
            names = (relation.contact_id.name, relation.user_id.name)
            relation.display_name = " – ".join(name or "" for name in names)

    @api.constrains("contact_id", "user_id")
    def _check_sides(self):
        for relation in self:
            if relation.contact_id.is_company or (
                not relation.contact_id.commercial_partner_id.is_distributor
            ):
                raise ValidationError(
                    self.env._(
                        "%s is no person at a distributor. Add the contact to the "
                        "distributor first.",
                        relation.contact_id.display_name,
                    )
                )
            # Whether a user is of the portal is asked whatever one may read of him.
            if relation.user_id.sudo().share:
                raise ValidationError(
                    self.env._("%s is no colleague of ours.", relation.user_id.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = {key: value for key, value in vals.items() if key not in CLOSED}
        if not vals.get("user_id"):
            return super().write(vals)
        changed = self.filtered(lambda one: one.user_id.id != vals["user_id"])
        doubled = changed._get_known_to(vals["user_id"])
        # Who takes over what he has already keeps his own; the other is put away.
        doubled.active = False
        super(DistributorRelation, self - changed).write(vals)
        # He has yet to become acquainted.
        return super(DistributorRelation, changed - doubled).write(
            {"strength": "1", **vals}
        )

    def _get_known_to(self, user_id):
        """Return those of these relations whose contact the user knows himself."""
        own = self.with_context(active_test=False).search(
            [("contact_id", "in", self.contact_id.ids), ("user_id", "=", user_id)]
        )
        own.filtered(lambda one: not one.active).active = True
        return self.filtered(lambda one: one.contact_id in own.contact_id)

    @api.model
    def _join_for_merge(self, sources, target):
        """Leave one relation of each colleague with contacts that become one.

        The closest is kept, and the notes of the others with it.
        """
        everything = self.with_context(active_test=False)
        found = everything.search([("contact_id", "in", (sources + target).ids)])
        for relations in found.grouped("user_id").values():
            if len(relations) < 2:
                continue
            best = relations.sorted(
                lambda one: (one.active, one.strength, one.contact_id == target)
            )[-1]
            others = relations - best
            best.note = "\n".join(filter(None, relations.mapped("note"))) or False
            others.unlink()
        self.env.flush_all()
