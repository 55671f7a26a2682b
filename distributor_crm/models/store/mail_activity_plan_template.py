# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    def _get_told_note(self):
        """Return the note of a step in the language of the context.

        A step keeps the note of its type as it was in one language: unless somebody
        changed it there, the type's own note is taken.
        """
        self.ensure_one()
        kind = self.activity_type_id
        known = {
            kind.with_context(lang=code).default_note
            for code, _name in self.env["res.lang"].get_installed()
        }
        return kind.default_note if not self.note or self.note in known else self.note
