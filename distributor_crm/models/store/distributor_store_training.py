# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

TRAINING = [
    ("off", "No obligation"),
    ("warn", "Warn only"),
    ("required", "Before the opening"),
]


class DistributorStore(models.Model):
    """What an owner has to learn before the store opens (R007)."""

    _inherit = "distributor.store"

    training_policy = fields.Selection(
        selection=TRAINING,
        string="Obligatory Topics",
        compute="_compute_training",
        compute_sudo=True,
    )
    training_missing = fields.Char(
        string="Topics Missing",
        compute="_compute_training",
        compute_sudo=True,
        help="The obligatory topics that are not done yet.",
    )

    @api.depends("activity_ids", "company_id")
    def _compute_training(self):
        missing = self._get_missing_topics()
        for store in self:
            store.training_policy = store._get_training_policy()
            store.training_missing = ", ".join(missing[store].mapped("name"))

    def _get_training_policy(self):
        """Hook: return whether topics are obligatory for this store, a selection key."""
        self.ensure_one()
        return self.company_id.store_training_policy

    def _get_obligatory_topics(self, current):
        """Hook: return the topics that this store's owner has to learn, in order.

        :param current: {activity type: version of today} of the store's company
        """
        self.ensure_one()
        return self.env["mail.activity.type"].union(
            *(topic for topic, version in current.items() if version.is_obligatory)
        )

    def _get_missing_topics(self):
        """Return {store: its obligatory topics that are not done}; closed: none."""
        Topic = self.env["distributor.onboarding.topic"]
        current = {c: Topic._get_current(c) for c in self.company_id}
        # Whether a topic was done is asked for people who may not see the task.
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        done = {
            (store, topic)
            for store, topic in activities._read_group(
                [*self._get_onboarding_domain(), ("active", "=", False)],
                ["res_id", "activity_type_id"],
            )
        }
        missing = {}
        for store in self:
            topics = self.env["mail.activity.type"]
            if store.state != "closed" and store._get_training_policy() != "off":
                topics = store._get_obligatory_topics(current[store.company_id])
            missing[store] = topics.filtered(
                lambda topic, store=store: (store._origin.id, topic) not in done
            ).sorted(lambda topic: (topic.sequence, topic.id))
        return missing

    def _needs_training_first(self, missing=None):
        """Whether this store cannot open yet for want of training.

        :param missing: what `_get_missing_topics` says, where it was asked already
        """
        self.ensure_one()
        return (
            not self.opened_on
            and self._get_training_policy() == "required"
            and bool((missing or self._get_missing_topics())[self])
        )

    # -- before the opening ----------------------------------------------------------

    def action_start_training(self):
        """Give the owners access to the portal, and plan what they have to learn.

        :raises UserError: the store is closed
        """
        self.check_access("write")
        for store in self:
            if store.state == "closed":
                raise UserError(self.env._("Nobody trains a closed store."))
        self._start_training()
        return True

    def _start_training(self):
        """Plan the topics; owners get an account to read on, and are told by mail."""
        # Training was allowed; what follows reaches beyond the rights of who starts it.
        for store in self.sudo():
            is_new = not store.onboarding_total
            owner, company = store.partner_id, store.company_id
            if not owner.is_distributor:
                owner.is_distributor = True
            owner._assign_account_manager(company)
            problem = owner.with_company(company)._grant_portal_access()
            if problem:
                store._tell_manager(self.env._("Give portal access"), problem)
            store._start_onboarding()
            store._add_obligatory_topics()
            if is_new and owner.email:
                self.env.ref("distributor_crm.mail_template_store_training").send_mail(
                    store.id, email_layout_xmlid="mail.mail_notification_light"
                )

    def _add_obligatory_topics(self):
        """Plan the obligatory topics that no plan brought, or that were deleted."""
        missing = self._get_missing_topics()
        for store in self:
            planned = store._get_onboarding().activity_type_id
            manager = store.company_id._get_store_user(store.partner_id)
            for topic in missing[store] - planned:
                told = topic.with_context(lang=manager.lang or self.env.lang)
                store.activity_schedule(
                    activity_type_id=topic.id,
                    summary=told.name,
                    note=told.default_note,
                    user_id=manager.id,
                )

    # -- opening ---------------------------------------------------------------------

    def _check_can_open(self):
        # EXTENDS distributor_crm
        result = super()._check_can_open()
        missing = self._get_missing_topics()
        for store in self:
            if store._needs_training_first(missing):
                raise UserError(
                    self.env._(
                        "%(store)s opens when its owner has learned what is obligatory. "
                        "Still open: %(topics)s. Start the training, or mark as done "
                        "what you went through together.",
                        store=store.name,
                        topics=", ".join(missing[store].mapped("name")),
                    )
                )
        return result

    def _after_opening(self):
        # EXTENDS distributor_crm
        result = super()._after_opening()
        # The topics may be another person's.
        for store in self.sudo():
            if store._get_training_policy() == "off":
                continue
            store._add_obligatory_topics()
            if missing := store._get_missing_topics()[store]:
                store._message_log(
                    body=self.env._(
                        "Opened with obligatory topics open: %s",
                        ", ".join(missing.mapped("name")),
                    )
                )
        return result

    def _follow_training(self):
        """Go on with the stores whose owners know now what is obligatory."""
        for store in self:
            is_waiting = store.state == "preparing" and not store.opened_on
            if not is_waiting or store._get_training_policy() != "required":
                continue
            if not store._get_missing_topics()[store]:
                store._after_training()

    def _after_training(self):
        """Hook: what follows when the obligatory topics of a store are done."""
        self.ensure_one()
        self._tell_manager(
            self.env._("Open the store"),
            self.env._("The obligatory topics are done."),
        )
