# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models


class DistributorAuthorization(models.Model):
    """What a case does to the authorizations of the accused."""

    _inherit = "distributor.authorization"

    def _withdraw_for_case(self, case):
        """Hook: end these authorizations at once.

        :param case: why
        :return: what `_restore_for_case` needs, as JSON
        """
        yesterday = fields.Date.context_today(self) - timedelta(days=1)
        kept = {}
        for record in self:
            last = max(yesterday, record.date_from)
            kept[str(record.id)] = fields.Date.to_string(record.date_to) or ""
            record.date_to = last
            record._message_log(
                body=self.env._("Withdrawn by %s", case.name),
            )
        return {"authorizations": kept}

    def _restore_for_case(self, case, kept):
        """Hook: give authorizations back that a case had ended.

        :param kept: what `_withdraw_for_case` returned
        """
        for number, last in (kept.get("authorizations") or {}).items():
            record = self.browse(int(number)).exists()
            record.date_to = last or False
            for one in record:
                one._message_log(
                    body=self.env._("Given back, as %s was lifted", case.name)
                )
