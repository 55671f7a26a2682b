# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

CHUNK = 200


class DistributorHandover(models.Model):
    """Carrying out: the successors, the history, the letter, the first contact."""

    _inherit = "distributor.handover"

    def action_hand_over(self):
        """Give everything to the successors, in one transaction.

        What somebody else changed since the proposal is left as it is.

        :raises AccessError: no sales manager
        :raises UserError: says what is missing
        """
        self._check_can_decide()
        for handover in self:
            handover._check_complete()
        # Successors write nothing themselves: documents of others, archived
        # distributors, closed states. Who decides was checked.
        for handover in self.sudo():
            handover._hand_over()
        return True

    def _check_complete(self):
        """Check that everything has a successor who can take over.

        :raises UserError: names what has none
        """
        self.ensure_one()
        if not self.line_ids:
            raise UserError(
                self.env._("There is nothing to hand over. Let it be proposed first.")
            )
        bare = self.line_ids.filtered(lambda line: not line.new_user_id)
        if bare:
            raise UserError(
                self.env._(
                    "Choose a successor for: %s.",
                    ", ".join(bare[:5].mapped("display_name")),
                )
            )
        # Whether users are active is asked whatever the manager may read of them.
        for user in self.sudo().line_ids.new_user_id:
            if not user.active or user == self.user_id and self.reason == "leave":
                raise UserError(
                    self.env._("%s cannot take over. Choose another one.", user.name)
                )
            if self.company_id not in user.company_ids:
                raise UserError(
                    self.env._(
                        "%(user)s does not work for %(company)s. Choose another one.",
                        user=user.name,
                        company=self.company_id.name,
                    )
                )

    def _hand_over(self):
        self.ensure_one()
        mains = self.line_ids.filtered(lambda line: line.kind != "item")
        for ids in split_every(CHUNK, mains.ids):
            self._hand_distributors(mains.browse(ids))
        items = self.line_ids - mains
        for ids in split_every(CHUNK, items.ids):
            self._hand_items(items.browse(ids))
        self.write(
            {
                "state": "done",
                "done_on": fields.Date.context_today(self),
                "done_by_id": self.env.uid,
            }
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self._tell_outcome()

    def _hand_distributors(self, lines):
        """Give distributors their successors: write, log, ask for the first contact."""
        done = lines.browse()
        for (kind, user), own in lines.grouped(
            lambda line: (line.kind, line.new_user_id)
        ).items():
            field = "account_manager_id" if kind == "manager" else "user_id"
            current = own.filtered(
                lambda line, field=field: self._is_still(line.partner_id, field)
            )
            current.partner_id.with_context(mail_auto_subscribe_no_notify=True).write(
                {field: user.id}
            )
            done += current
        (lines - done).state = "skipped"
        done.state = "done"
        managed = done.filtered(lambda line: line.kind == "manager")
        self._log_on_distributors(managed)
        self._plan_first_contacts(managed)
        self._send_letters(managed)

    def _is_still(self, partner, field):
        """Whether the distributor is where the proposal found it."""
        if self.reason == "orphans":
            return partner.is_orphan
        return partner[field] == self.user_id

    def _log_on_distributors(self, lines):
        bodies = {}
        for line in lines:
            text = self.env._(
                "Handed over to %(new)s (%(reason)s).",
                new=line.new_user_id.name,
                reason=self.display_name,
            )
            bodies[line.partner_id.id] = Markup("<p>%s</p>") % text + self._get_note(
                line
            )
        if bodies:
            lines.partner_id._message_log_batch(bodies)

    def _get_note(self, line):
        """Return the note to all and the one about this distributor, as HTML."""
        own = Markup("<p>%s</p>") % line.note if line.note else Markup()
        return (self.note or Markup()) + own

    def _plan_first_contacts(self, lines):
        """Schedule each successor's first contact, with the note."""
        kind = self.env.ref("distributor_crm.activity_type_first_contact")
        deadline = fields.Date.context_today(self) + timedelta(days=self.contact_days)
        model = self.env["ir.model"]._get("res.partner")
        # One notice for the whole hand-over is enough.
        activities = (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create(
                [
                    {
                        "activity_type_id": kind.id,
                        "summary": self.env._("First contact after the hand-over"),
                        "note": self._get_note(line),
                        "date_deadline": deadline,
                        "user_id": line.new_user_id.id,
                        "res_model_id": model.id,
                        "res_id": line.partner_id.id,
                    }
                    for line in lines
                ]
            )
        )
        for line, activity in zip(lines, activities, strict=True):
            line.activity_id = activity

    def _send_letters(self, lines):
        """Queue the letter to the distributors who can get one."""
        template = self.env.ref(
            "distributor_crm.mail_template_handover", raise_if_not_found=False
        )
        told = lines.filtered(
            lambda line: line.partner_id.active and line.partner_id.email
        )
        if self.send_letter and template and told:
            template.send_mail_batch(told.ids)

    def _hand_items(self, lines):
        """Give what is open to the successors."""
        user_fields = {handed.model: handed.user_field for handed in self._get_handed()}
        for (model, user), own in lines.grouped(
            lambda line: (line.res_model, line.new_user_id)
        ).items():
            field = user_fields[model]
            records = self.env[model].browse(own.mapped("res_id")).exists()
            before = self.user_id
            if model == "mail.activity":
                before |= self.caretaker_id
            current = records.filtered(
                lambda r, field=field, before=before: r[field] in before
            )
            # Under approval, a document may change hands.
            current.with_context(
                mail_activity_quick_update=True,
                mail_auto_subscribe_no_notify=True,
                skip_validation_check=True,
            ).write({field: user.id})
            done = own.filtered(lambda line, ids=set(current.ids): line.res_id in ids)
            done.state = "done"
            (own - done).state = "skipped"

    def _tell_outcome(self):
        """Tell each successor once what came to him; log whom no letter reached."""
        done = self.line_ids.filtered(lambda line: line.state == "done")
        received = defaultdict(lambda: [0, 0])
        for line in done:
            received[line.new_user_id][line.kind == "item"] += 1
        for user, (distributors, items) in received.items():
            self.message_notify(
                partner_ids=user.partner_id.ids,
                subject=self.env._("Distributors were handed over to you"),
                body=self.env._(
                    "You take over %(distributors)s distributors and %(items)s open "
                    "matters. Get in touch with each within %(days)s days.",
                    distributors=distributors,
                    items=items,
                    days=self.contact_days,
                ),
            )
        unreached = done.filtered(
            lambda line: (
                line.kind == "manager"
                and line.partner_id.active
                and not line.partner_id.email
            )
        ).partner_id
        if self.send_letter and unreached:
            self._message_log(
                body=self.env._(
                    "No e-mail address, so tell them yourself: %s",
                    ", ".join(unreached.mapped("name")),
                )
            )
