# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...guard import hold_in_state
from .distributor_evaluation import FROZEN


class DistributorEvaluation(models.Model):
    """From computed to judged, approved, published and closed."""

    _inherit = "distributor.evaluation"

    def _get_approval_owners(self):
        # EXTENDS tier.validation: who judged, or looks after him, does not approve.
        owners = super()._get_approval_owners()
        return owners | self.line_ids.judged_by_id | self.partner_id.account_manager_id

    def _check_not_own(self):
        """Check that nobody judges himself, nor his own portfolio where that is set.

        :raises AccessError: says who does it instead
        """
        user = self.env.user
        for evaluation in self.sudo():
            partner = evaluation.partner_id
            if partner == user.commercial_partner_id:
                raise AccessError(self.env._("Nobody evaluates himself."))
            if (
                evaluation.company_id.evaluation_own_portfolio == "never"
                and partner.account_manager_id == user
            ):
                raise AccessError(
                    self.env._(
                        "You look after %s yourself: somebody else judges him here.",
                        partner.name,
                    )
                )

    def _check_state(self, *states):
        """Refuse what is done to evaluations in another state, one process at a time.

        :raises UserError: names them, and what they would have to be
        """
        self.check_access("write")
        hold_in_state(self, states)

    def action_judge(self):
        """Say that all grades are given.

        :raises UserError: names what is not judged, or has no figure at all
        """
        self._check_state("draft")
        self._check_not_own()
        open_ones = self.filtered("open_count")
        if open_ones:
            missing = open_ones[0].line_ids.filtered(
                lambda line: line.source == "judged" and not line.grade
            )
            raise UserError(
                self.env._(
                    "%(evaluation)s: grade %(kpis)s first.",
                    evaluation=open_ones[0].display_name,
                    kpis=", ".join(missing.mapped("kpi_id.name")),
                )
            )
        unscored = self.filtered(lambda evaluation: not evaluation.is_scored)
        if unscored:
            raise UserError(
                self.env._(
                    "Nothing is known of %s in this period, so there is no score.",
                    ", ".join(unscored[:5].partner_id.mapped("name")),
                )
            )
        # The state is closed to users; who may was checked.
        self.sudo().state = "judged"

    def action_submit(self):
        """Ask for the approval of what is judged; what is only computed is judged so."""
        self._check_state("draft", "judged")
        self.filtered(lambda evaluation: evaluation.state == "draft").action_judge()
        # The state is closed to users; who may was checked.
        self.sudo().write({"state": "to_approve", "submitted_by_id": self.env.uid})
        self.request_validation()

    def action_reset(self):
        """Take evaluations back that are not published: grades may change again."""
        self._check_state("judged", "to_approve")
        # The state is closed to users; who may was checked.
        own = self.sudo().with_context(skip_validation_check=True)
        own._end_round("withdrawn")
        own.state = "draft"

    def action_publish(self):
        """Sign for this user; what has all signatures is published.

        :raises UserError: names what waits for somebody else
        """
        self._check_state("to_approve")
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise AccessError(self.env._("A sales manager publishes evaluations."))
        # The right to decide was checked; who may sign is asked per evaluation.
        own = self.sudo()
        own.filtered(lambda e: not e.review_ids).request_validation()
        unsigned = own._sign_turns()
        (own - unsigned).filtered(
            lambda e: e.validation_status in ("validated", "no")
        )._publish()
        if unsigned:
            raise UserError(
                self.env._(
                    "You may not sign %(evaluations)s now: who judged, submitted or "
                    "looks after a distributor does not approve it. Waiting for "
                    "%(reviewers)s.",
                    evaluations=", ".join(unsigned[:5].mapped("display_name")),
                    reviewers=", ".join(unsigned.reviewer_ids.mapped("name")) or "–",
                )
            )

    def _publish(self):
        """Freeze evaluations, tell the distributors, and let follow what follows."""
        today = fields.Date.context_today(self)
        own = self.with_context(skip_validation_check=True)
        for evaluation in own:
            evaluation.write(
                {
                    "state": "published",
                    "published_on": today,
                    "published_by_id": self.env.uid,
                    "digest": evaluation._get_digest(),
                }
            )
        own._tell_distributors()
        own._follow_up(today)

    def _tell_distributors(self):
        """Mail that an evaluation is there; those without an address read the portal."""
        template = self.env.ref(
            "distributor_crm.mail_template_evaluation", raise_if_not_found=False
        )
        told = self.filtered("partner_id.email")
        if template and told:
            template.send_mail_batch(told.ids)

    def action_close(self):
        """Close published evaluations: nothing is said to them any more."""
        self._check_state("published")
        # The state is closed to users; who may was checked.
        self.sudo().with_context(skip_validation_check=True).state = "closed"

    @api.model
    def _close_answered(self, today):
        """Close what was published long enough ago, as each company has it."""
        # States are closed to users; the scheduled job closes them.
        own = self.sudo().with_context(skip_validation_check=True)
        for company in own.env["res.company"].search(
            [("evaluation_comment_days", ">", 0)]
        ):
            since = today - timedelta(days=company.evaluation_comment_days)
            domain = [
                ("company_id", "=", company.id),
                ("state", "=", "published"),
                ("published_on", "<", since),
            ]
            while due := own.search(domain, limit=500, order="id"):
                due.state = "closed"
                self.env["ir.cron"]._commit_progress(len(due))

    def _comment(self, author, text):
        """Keep what a distributor says to his evaluation.

        :param author: the person who says it
        :raises UserError: too late, empty or too long
        """
        self.ensure_one()
        text = (text or "").strip()
        if self.state != "published":
            raise UserError(
                self.env._("This evaluation is closed. Ask your account manager.")
            )
        if not 1 <= len(text) <= 2000:
            raise UserError(self.env._("Write a comment of at most 2,000 characters."))
        self.with_context(skip_validation_check=True).write(
            {"partner_comment": text, "partner_comment_at": fields.Datetime.now()}
        )
        self.message_post(
            author_id=author.id,
            body=self.env._("The distributor comments: %s", text),
            subtype_xmlid="mail.mt_note",
        )
        manager = self.company_id._get_store_user(self.partner_id)
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=manager.id,
            summary=self.env._("Answer the distributor's comment"),
        )

    def _is_frozen(self) -> bool:
        return self.state in FROZEN
