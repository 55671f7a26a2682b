# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...uploads import check_address

BATCH = 200


class DistributorListingTask(models.Model):
    """A distributor lists the products of a kit in his shops within days, or a manager
    is asked what follows; nothing is taken away silently (R169)."""

    _name = "distributor.listing.task"
    _description = "Listing Task"
    _inherit = ["distributor.service.document"]
    _order = "due, id"

    kit_id = fields.Many2one(
        comodel_name="distributor.kit",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    started_on = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    due = fields.Date(string="Listed Until", required=True, index=True, tracking=True)
    remind_on = fields.Date(string="Next Reminder", readonly=True, copy=False)
    reminder_count = fields.Integer(string="Reminders", readonly=True, copy=False)
    addresses = fields.Text(
        readonly=True, copy=False, help="Where the products are listed, a line each."
    )
    declared_at = fields.Datetime(string="Declared On", readonly=True, copy=False)
    checked_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    state = fields.Selection(
        selection=[
            ("open", "To List"),
            ("declared", "To Verify"),
            ("done", "Listed"),
            ("overdue", "Overdue"),
            ("cancelled", "Right Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )

    _once = models.UniqueIndex(
        "(kit_id, partner_id)", "The distributor has this task already."
    )
    _dates_in_order = models.Constraint(
        "CHECK(due >= started_on)", "A task is due on or after the day it starts."
    )

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {
            "remind_on",
            "reminder_count",
            "addresses",
            "declared_at",
            "checked_by_id",
        }

    @api.model
    def _give(self, kit, partners):
        """Give distributors the task to list what a kit holds; those who have it keep
        theirs.

        :return: the new tasks
        """
        policy = self.env["distributor.listing.policy"]._find(kit.company_id)
        if not policy or not kit.categ_ids:
            return self
        have = self.search(
            [("kit_id", "=", kit.id), ("partner_id", "in", partners.ids)]
        ).partner_id
        today = fields.Date.context_today(self)
        return self.create(
            [
                {
                    "kit_id": kit.id,
                    "partner_id": partner.id,
                    "company_id": kit.company_id.id,
                    "started_on": today,
                    "due": policy._add_days(today, policy.days),
                    "remind_on": policy._add_days(today, policy.first_reminder),
                }
                for partner in partners - have
            ]
        )

    def _declare(self, text):
        """Keep where the distributor says that he listed the products.

        :param text: web addresses, a line each, untrusted
        :raises UserError: there is none, or the task is over
        """
        self.ensure_one()
        self._check_state("open", "declared", "overdue")
        lines = [line for line in (text or "").splitlines() if line.strip()][:20]
        if not lines:
            raise UserError(self.env._("Enter where the products are listed."))
        self._set(
            addresses="\n".join(check_address(self.env, line) for line in lines),
            declared_at=fields.Datetime.now(),
            state="declared",
        )
        if self.account_manager_id:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Look whether the products are listed"),
                user_id=self.account_manager_id.id,
            )

    # -- decisions ---------------------------------------------------------------------

    def action_verify(self):
        """Confirm that the products are listed."""
        self.check_access("write")
        self._check_state("declared")
        self._set(state="done", checked_by_id=self.env.uid)
        self.sudo().activity_unlink(
            ["mail.mail_activity_data_todo", "mail.mail_activity_data_warning"]
        )
        return True

    def action_reject(self):
        """Send a declared task back: the products were not found."""
        self.check_access("write")
        self._check_state("declared")
        self._set(state="open", checked_by_id=self.env.uid)
        for task in self:
            task._tell_partner(
                task.env._("We did not find the products where you said. Look again.")
            )
        return True

    def action_extend(self):
        """Give overdue tasks the same time again: the manager's milder decision."""
        self._check_decider()
        self._check_state("overdue")
        today = fields.Date.context_today(self)
        for task in self:
            policy = self.env["distributor.listing.policy"]._find(task.company_id)
            due = policy._add_days(today, policy.days) if policy else today
            task._set(state="open", due=max(due, today))
            task._tell_partner(
                task.env._("You have until %s to list the products.", task.due)
            )
        return True

    def action_cancel_right(self):
        """Cancel the right to sell of who did not list in time: a manager's decision.

        The distributor's open stores are suspended, and he is told why.
        """
        self._check_decider()
        self._check_state("overdue")
        self._set(state="cancelled", checked_by_id=self.env.uid)
        stores = self.env["distributor.store"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "open"),
            ]
        )
        stores.action_suspend()
        self.sudo().activity_unlink(["mail.mail_activity_data_warning"])
        for task in self:
            task._tell_partner(
                task.env._(
                    "The products of %s were not listed in time. Your right to sell is "
                    "cancelled; talk to your account manager.",
                    task.kit_id.name,
                )
            )
        return True

    # -- time --------------------------------------------------------------------------

    @api.model
    def _cron_follow(self):
        """Remind distributors, and propose to managers what follows from overdue tasks.

        Broken off, it goes on where it was; nobody is reminded twice of the same day.
        """
        today = fields.Date.context_today(self)
        for domain, work in (
            (
                [
                    ("state", "=", "open"),
                    ("remind_on", "<=", today),
                    ("due", ">=", today),
                ],
                self.browse()._remind,
            ),
            ([("state", "=", "open"), ("due", "<", today)], self.browse()._propose),
        ):
            while tasks := self.search(domain, limit=BATCH, order="id"):
                work(tasks)
                left = self.search_count(domain)
                if not self.env["ir.cron"]._commit_progress(len(tasks), remaining=left):
                    return

    @api.model
    def _remind(self, tasks):
        for task in tasks:
            policy = self.env["distributor.listing.policy"]._find(task.company_id)
            second = policy and policy._add_days(
                task.started_on, policy.second_reminder
            )
            is_first = not task.reminder_count and second and second > task.remind_on
            task._set(
                remind_on=second if is_first else False,
                reminder_count=task.reminder_count + 1,
            )
            task._tell_partner(
                task.env._(
                    "Please list the products of %(kit)s until %(day)s, and tell us on "
                    "the portal where.",
                    kit=task.kit_id.name,
                    day=task.due,
                )
            )

    @api.model
    def _propose(self, tasks):
        Policy = self.env["distributor.case.policy"]
        for task in tasks:
            task._set(state="overdue", remind_on=False)
            manager = Policy._get_escalation_user(task.company_id)
            if manager:
                task.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=self.env._(
                        "Not listed in time: extend, or cancel the right?"
                    ),
                    user_id=manager.id,
                )


class DistributorKit(models.Model):
    _inherit = "distributor.kit"

    listing_count = fields.Integer(compute="_compute_listing_count")

    def _compute_listing_count(self):
        counts = dict(
            self.env["distributor.listing.task"]._read_group(
                [("kit_id", "in", self.ids)], ["kit_id"], ["__count"]
            )
        )
        for kit in self:
            kit.listing_count = counts.get(kit, 0)

    def _after_publishing(self):
        # EXTENDS distributor_crm: where publishing starts the time, all who see it have
        # the task
        result = super()._after_publishing()
        for kit in self:
            # Whoever publishes gives tasks to all distributors of the tiers.
            record = kit.sudo()
            policy = record.env["distributor.listing.policy"]._find(
                record.company_id, "published"
            )
            if policy:
                partners = record.env["res.partner"].search(
                    [
                        ("is_distributor", "=", True),
                        ("parent_id", "=", False),
                        ("company_id", "in", (False, record.company_id.id)),
                        *(
                            [("grade_id", "in", record.grade_ids.ids)]
                            if record.grade_ids
                            else []
                        ),
                    ]
                )
                record.env["distributor.listing.task"]._give(record, partners)
        return result

    def action_view_listings(self):
        """Open the listing tasks of these kits."""
        return self.env["distributor.listing.task"]._get_list_action(
            [("kit_id", "in", self.ids)]
        )
