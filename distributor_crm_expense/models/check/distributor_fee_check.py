# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm import draw

OPEN_FIELDS = {
    "activity_ids",
    "activity_user_id",
    "line_ids",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "message_partner_ids",
    "note",
}


class DistributorFeeCheck(models.Model):
    """Whether customers got what was paid: some of them, drawn, are asked (R109).

    Population, seed and algorithm are kept when the statement is paid; whoever has
    them draws the same customers, and nobody chooses.
    """

    _name = "distributor.fee.check"
    _description = "Fee Spot Check"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    statement_id = fields.Many2one(
        comodel_name="distributor.fee.statement",
        required=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        related="statement_id.user_id",
        string="Representative",
        store=True,
        precompute=True,
        index=True,
    )
    month = fields.Date(related="statement_id.month", store=True, precompute=True)
    drawn_on = fields.Datetime(readonly=True, required=True)
    wanted = fields.Integer(
        string="Customers to Check",
        required=True,
        readonly=True,
        aggregator=None,
        help="By the fee policy; all of them if fewer were paid.",
    )
    seed = fields.Char(required=True, readonly=True)
    algorithm = fields.Char(required=True, readonly=True)
    population = fields.Text(
        required=True,
        readonly=True,
        help="The numbers of all customers that were paid, as they were when it was "
        "drawn.",
    )
    fingerprint = fields.Char(string="Population SHA-256", required=True, readonly=True)
    population_count = fields.Integer(
        string="Customers Paid", readonly=True, aggregator=None
    )
    line_ids = fields.One2many(
        comodel_name="distributor.fee.check.line",
        inverse_name="check_id",
        string="Customers",
    )
    recovery_ids = fields.One2many(
        comodel_name="distributor.fee.recovery",
        inverse_name="check_id",
        readonly=True,
    )
    recovery_count = fields.Integer(compute="_compute_recovery_count")
    state = fields.Selection(
        selection=[
            ("open", "To Check"),
            ("passed", "Passed"),
            ("failed", "Denied"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        precompute=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    note = fields.Text()

    _one_a_statement = models.Constraint(
        "UNIQUE(statement_id)", "This statement is being checked already."
    )

    @api.depends("line_ids.result", "wanted")
    def _compute_state(self):
        for check in self:
            results = check.line_ids.mapped("result")
            if "pending" in results or not results:
                check.state = "open"
            elif "denied" in results:
                check.state = "failed"
            else:
                check.state = "passed"

    @api.depends("recovery_ids")
    def _compute_recovery_count(self):
        for check in self:
            check.recovery_count = len(check.recovery_ids)

    @api.depends("name", "user_id")
    def _compute_display_name(self):
        for check in self:
            check.display_name = f"{check.name} – {check.user_id.name}"

    # -- create, change, delete ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._("Spot checks are drawn when a statement is paid.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() - OPEN_FIELDS and not self.env.su:
            raise AccessError(
                self.env._("Nobody chooses whom to check: the draw is not edited.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Spot checks stay on record."))

    # -- the draw --------------------------------------------------------------------

    @api.model
    def _draw_for(self, statements):
        """Draw the customers to be asked, once for each paid statement.

        Called by our own code as the last fee of a statement is paid.
        """
        known = self.search([("statement_id", "in", statements.ids)]).statement_id
        checks = self.browse()
        for statement in statements - known:
            paid = statement._get_paid_customers()
            if not paid:
                continue
            policy = statement.company_id._get_fee_policy(
                fields.Date.context_today(self)
            )
            checks |= self.create(self._prepare_draw(statement, paid, policy))
        for check in checks:
            check._draw_more(check.wanted)
            check._ask_manager()
        return checks

    @api.model
    def _prepare_draw(self, statement, paid, policy):
        return {
            "name": self.env["ir.sequence"]
            .with_company(statement.company_id)
            .next_by_code("distributor.fee.check"),
            "statement_id": statement.id,
            "drawn_on": fields.Datetime.now(),
            "wanted": policy.spot_check_count,
            "seed": draw.new_seed(),
            "algorithm": draw.ALGORITHM,
            "population": json.dumps(sorted(paid.ids)),
            "population_count": len(paid),
            "fingerprint": draw.fingerprint(paid.ids),
        }

    def _get_order(self):
        """Return the ids of all customers that were paid, in the order of the draw."""
        return draw.order(json.loads(self.population), self.seed, self.algorithm)

    def _draw_more(self, count):
        """Take the next so many of the order; fewer if no more are left."""
        self.ensure_one()
        drawn = self.line_ids.partner_id.ids
        rest = [key for key in self._get_order() if key not in drawn]
        self.write(
            {
                "line_ids": [
                    Command.create({"partner_id": key, "sequence": number})
                    for number, key in enumerate(rest[:count], start=len(drawn) + 1)
                ]
            }
        )

    def action_verify_draw(self):
        """Draw again from what is kept, and say whether it gives the same customers."""
        self.ensure_one()
        self.check_access("read")
        drawn = self.line_ids.sorted("sequence").partner_id.ids
        same = (
            self.fingerprint == draw.fingerprint(json.loads(self.population))
            and self._get_order()[: len(drawn)] == drawn
        )
        if same:
            message = self.env._(
                "Drawn again from the stored seed: the same customers in the same order."
            )
        else:
            message = self.env._(
                "The customers are not those that the stored seed gives. Tell an auditor."
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if same else "danger",
                "message": message,
                "sticky": not same,
            },
        }

    def _ask_manager(self):
        """Put it on the list of the representative's manager, if he has one."""
        for check in self:
            manager = check.user_id._get_fee_employee(
                check.company_id
            ).parent_id.user_id
            if manager and manager != check.user_id:
                check.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=manager.id,
                    summary=self.env._("Ask these customers what they got"),
                )

    # -- what follows ----------------------------------------------------------------

    @api.model
    def _check_no_freeze(self, company, user):
        """Nothing is lent to a representative whose last payouts are not checked, or
        who has something to give back (R108, R109).

        :raises UserError: says what is open
        """
        checks = self.search(
            [
                ("company_id", "=", company.id),
                ("user_id", "=", user.id),
                ("state", "=", "open"),
            ],
            limit=1,
        )
        if checks:
            raise UserError(
                self.env._(
                    "The customers of %(check)s have not been asked yet. The next "
                    "advance follows when this spot check has passed.",
                    check=checks.name,
                )
            )
        recovery = self.env["distributor.fee.recovery"].search(
            [
                ("company_id", "=", company.id),
                ("user_id", "=", user.id),
                ("state", "in", ("open", "booked")),
            ],
            limit=1,
        )
        if recovery:
            raise UserError(
                self.env._(
                    "A customer denied a payment of %(user)s: no advances until "
                    "%(recovery)s is closed.",
                    user=user.name,
                    recovery=recovery.name,
                )
            )

    def action_view_recoveries(self):
        return self.recovery_ids._get_records_action(name=self.env._("Recoveries"))
