# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...guard import lock_or_refuse, without_defaults

# Set by the buttons alone, over RPC too.
CLOSED = {"state", "done_on", "done_by_id", "caretaker_id"}


class DistributorHandover(models.Model):
    """Who takes over the distributors of somebody who leaves (认养孤儿, R154).

    A draft proposes a successor for every distributor, archived ones too, and for what
    is open about them. It is edited, and carried out in one transaction.
    """

    _name = "distributor.handover"
    _description = "Hand-over of Distributors"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    reason = fields.Selection(
        selection=[
            ("leave", "Leaves the company"),
            ("region", "Changes region"),
            ("orphans", "Distributors without a manager"),
        ],
        required=True,
        default="leave",
        tracking=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Handed Over By",
        index="btree_not_null",
        domain=[("share", "=", False)],
        context={"active_test": False},
        tracking=True,
        help="Who looked after these distributors, or sold to them, until now.",
    )
    state_ids = fields.Many2many(
        comodel_name="res.country.state",
        string="Provinces",
        help="Only the distributors of these provinces. Leave empty for all.",
    )
    contact_days = fields.Integer(
        string="First Contact Within (Days)",
        required=True,
        default=lambda self: self.env.company.handover_contact_days,
        help="By then the new manager has got in touch with each distributor.",
    )
    send_letter = fields.Boolean(
        string="Letter to Distributors",
        default=True,
        help="Each distributor with an e-mail address is told who looks after it now.",
    )
    caretaker_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        copy=False,
        help="Keeps the open activities of who left until they are handed over.",
    )
    note = fields.Html(
        string="Hand-over Note",
        help="What the successors have to know. It stands in their first task and in the "
        "log of each distributor.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("done", "Handed Over"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    done_on = fields.Date(string="Handed Over On", readonly=True, copy=False)
    done_by_id = fields.Many2one(
        comodel_name="res.users", string="Confirmed By", readonly=True, copy=False
    )
    line_ids = fields.One2many(
        comodel_name="distributor.handover.line", inverse_name="handover_id"
    )
    distributor_line_ids = fields.One2many(
        comodel_name="distributor.handover.line",
        inverse_name="handover_id",
        string="Distributors",
        domain=[("kind", "in", ("manager", "seller"))],
    )
    item_line_ids = fields.One2many(
        comodel_name="distributor.handover.line",
        inverse_name="handover_id",
        string="Open Matters",
        domain=[("kind", "=", "item")],
    )
    distributor_count = fields.Integer(compute="_compute_counts")
    item_count = fields.Integer(string="Open Matters Count", compute="_compute_counts")
    missing_count = fields.Integer(
        string="Without Successor", compute="_compute_counts"
    )
    late_count = fields.Integer(
        string="First Contacts Late", compute="_compute_late_count"
    )

    _done_has_day = models.Constraint(
        "CHECK(state <> 'done' OR done_on IS NOT NULL)",
        "A hand-over that was carried out has the day of it.",
    )
    _contact_days_positive = models.Constraint(
        "CHECK(contact_days >= 0)", "Enter a number of days, zero for today."
    )
    _has_user = models.Constraint(
        "CHECK(state <> 'draft' OR reason = 'orphans' OR user_id IS NOT NULL)",
        "Say whose distributors are handed over.",
    )
    _one_draft = models.UniqueIndex(
        "(company_id, user_id) WHERE state = 'draft' AND reason = 'leave'",
        "There is a draft already for this person. Go on with that one.",
    )

    @api.depends("user_id", "reason", "create_date")
    def _compute_display_name(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for handover in self:
            parts = [handover.user_id.name, labels.get(handover.reason)]
            handover.display_name = ": ".join(part for part in parts if part)

    @api.depends("line_ids.new_user_id", "line_ids.kind")
    def _compute_counts(self):
        rows = self.env["distributor.handover.line"]._read_group(
            [("handover_id", "in", self.ids)],
            ["handover_id", "kind"],
            ["__count", "new_user_id:count"],
        )
        found = {(handover.id, kind): both for handover, kind, *both in rows}
        for handover in self:
            counts = {
                kind: found.get((handover._origin.id, kind), (0, 0))
                for kind in ("manager", "seller", "item")
            }
            handover.distributor_count = counts["manager"][0] + counts["seller"][0]
            handover.item_count = counts["item"][0]
            handover.missing_count = sum(
                lines - given for lines, given in counts.values()
            )

    @api.depends("line_ids.is_contact_late")
    def _compute_late_count(self):
        counts = dict(
            self.env["distributor.handover.line"]._read_group(
                [("handover_id", "in", self.ids), ("is_contact_late", "=", True)],
                ["handover_id"],
                ["__count"],
            )
        )
        for handover in self:
            handover.late_count = counts.get(handover, 0)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self = without_defaults(self, CLOSED)
            vals_list = [
                {key: value for key, value in vals.items() if key not in CLOSED}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if CLOSED & vals.keys():
                raise UserError(
                    self.env._("Carry out or cancel a hand-over by its buttons.")
                )
            frozen = {
                "user_id",
                "reason",
                "company_id",
                "state_ids",
                "contact_days",
                "line_ids",
            }
            if frozen & vals.keys() and any(h.state != "draft" for h in self):
                raise UserError(
                    self.env._("This hand-over is over. Make a new one instead.")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(handover.state == "done" for handover in self):
            raise UserError(self.env._("What was handed over stays in the records."))

    def _check_can_decide(self):
        """Check that this user decides on these drafts, alone at this moment.

        :raises AccessError: no sales manager
        :raises UserError: they are no drafts, or somebody else is at it
        """
        self.check_access("write")
        lock_or_refuse(self, allow_referencing=True)
        self.invalidate_recordset(["state"])
        if any(handover.state != "draft" for handover in self):
            raise UserError(self.env._("This was carried out or cancelled already."))

    def action_cancel(self):
        """Drop drafts: nobody is handed over."""
        self._check_can_decide()
        # States are set by buttons alone; the right to write was checked.
        self.sudo().state = "cancelled"
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def action_view_distributors(self):
        """Open the distributors of these hand-overs."""
        partners = self.distributor_line_ids.partner_id
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "distributor_crm.res_partner_distributor_action"
            ),
            "domain": [("id", "in", partners.ids)],
            "context": {"active_test": False, "create": False},
        }
