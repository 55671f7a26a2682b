# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.res_users import check_identity
from odoo.addons.distributor_crm.guard import hold_in_state
from odoo.addons.distributor_crm.printing import print_document

REPORT = "distributor_crm_channel.visit_form_report"


class DistributorVisitForm(models.Model):
    """How a form is handed in, signed and kept (R053-R055, R069)."""

    _inherit = "distributor.visit.form"

    def action_submit(self):
        """Hand in the form: it gets its number and waits for signatures.

        :raises UserError: the visit is not valid (any more), or it is handed in
        """
        self.check_access("write")
        for form in self:
            form._submit()

    def _submit(self):
        self.ensure_one()
        hold_in_state(self, ["draft"])
        own = self.sudo()
        visit = own.visit_id
        if visit.verdict != "valid" or visit.state != "judged":
            raise UserError(
                self.env._(
                    "Only valid visits are registered: %(visit)s is not.",
                    visit=visit.name,
                )
            )
        if not (own.customer_name or "").strip():
            raise UserError(self.env._("Enter the name of the customer."))
        now = fields.Datetime.now()
        code = "distributor.visit.form"
        if own.kind == "external":
            code += ".external"
        own.write(
            {
                "name": own.env["ir.sequence"]
                .with_company(own.company_id)
                .next_by_code(code),
                "state": "submitted",
                "filled_by_id": self.env.uid,
                "submitted_at": now,
                "sign_deadline": now + timedelta(hours=visit.policy_id.confirm_hours),
            }
        )
        visit.write({"state": "registered", "form_number": own.name})
        visit._make_customer()
        own.request_validation()

    @check_identity
    def action_sign(self):
        """Sign the form, after the password was entered."""
        return self._sign()

    def validate_tier(self):
        # EXTENDS tier.validation: a signature here takes the password.
        return self.action_sign()

    def _sign(self):
        """Give this user's signature; the last one makes the form count.

        :raises UserError: it is somebody else's turn, or the visit no longer valid
        """
        self.check_access("read")
        hold_in_state(self, ["submitted"])
        own = self.sudo()
        for form in own:
            if form.visit_id.verdict != "valid":
                raise UserError(
                    self.env._("%s is not valid any more.", form.visit_id.name)
                )
            if form.visit_id._is_of_agency(self.env.user):
                raise UserError(
                    self.env._("Nobody signs for us who belongs to the agency.")
                )
        for form in self:
            if form in form._sign_turns():
                form._check_turn()
        done = own.filtered(lambda form: form.validation_status == "validated")
        if done:
            done.with_context(skip_validation_check=True)._finish()

    def _finish(self):
        """Mark as signed, print, and keep the print with its checksum."""
        now = fields.Datetime.now()
        for form in self:
            form.write(
                {
                    "state": "signed",
                    "signed_at": now,
                    "signed_late": now > form.sign_deadline,
                }
            )
            form._keep_print()
            form.visit_id.write(
                {"state": "signed", "form_attachment_id": form.attachment_id.id}
            )
            form.activity_unlink(["mail.mail_activity_data_todo"])

    def _keep_print(self):
        reports = self.env["ir.actions.report"]
        lang = self.agency_id.lang or self.env.lang
        content, kind = print_document(
            reports.with_context(lang=lang), REPORT, self.ids
        )
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self.name.replace('/', '-')}.{kind}",
                "raw": content,
                "mimetype": "application/pdf" if kind == "pdf" else "text/html",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.write(
            {
                "attachment_id": attachment.id,
                "checksum": hashlib.sha256(content).hexdigest(),
            }
        )

    def _get_valid_signatures(self):
        """Return the signatures that count, in their order."""
        # Who may read the form is told who signed it.
        return (
            self.sudo()
            ._get_round_signatures()
            .filtered(lambda one: not one.voided_on and one.decision == "approved")
            .sorted("id")
        )

    def action_check_file(self):
        """Compare the kept file with its checksum.

        :raises UserError: it is another one
        """
        self.ensure_one()
        self.check_access("read")
        content = self.sudo().attachment_id.raw or b""
        if hashlib.sha256(content).hexdigest() != self.checksum:
            raise UserError(self.env._("The kept file is not the one that was signed."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The file is the one that was signed."),
            },
        }

    def action_view_visit(self):
        """Open the visit that this registers."""
        return self.visit_id._get_records_action()

    def action_download(self):
        """Open the signed form."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.sudo().attachment_id.id}?download=1",
        }

    def action_return(self):
        """Give the form back to be corrected; signatures so far no longer count."""
        self.check_access("write")
        hold_in_state(self, ["submitted"])
        own = self.sudo().with_context(skip_validation_check=True)
        own._end_round("withdrawn")
        own.write({"state": "draft", "sign_deadline": False})
        own.visit_id.write({"state": "judged"})

    def _void_unsigned(self, reason=None):
        """Void forms of visits that turned out invalid before we signed."""
        own = self.sudo().with_context(skip_validation_check=True)
        own = own.filtered(lambda form: form.state in ("draft", "submitted"))
        own._end_round("cancelled")
        own.write(
            {
                "state": "void",
                "void_reason": reason or self.env._("The visit is not valid."),
            }
        )

    @api.model
    def _cron_remind(self):
        """Ask for the signatures that are late (R069)."""
        late = self.search(
            [
                ("state", "=", "submitted"),
                ("sign_deadline", "<", fields.Datetime.now()),
                ("activity_ids", "=", False),
            ],
            limit=500,
        )
        for form in late:
            waiting = form.review_ids.filtered(lambda one: one.status == "pending")
            for user in waiting.reviewer_ids[:5]:
                form.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=form.env._("Registration form: your signature is late"),
                )
