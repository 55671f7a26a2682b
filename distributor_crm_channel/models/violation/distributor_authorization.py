# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class DistributorAuthorization(models.Model):
    """What a case does to the authorizations of the accused (R174, R181, R184)."""

    _inherit = "distributor.authorization"

    @api.model
    def _withdraw_for_case(self, case):
        """Withdraw all that the accused holds in the company of a case.

        :return: what `_restore_for_case` needs, as JSON
        """
        reason = self.env._(
            "%(kind)s (%(case)s).", kind=case.policy_id.name, case=case.name
        )
        withdrawn = self._withdraw_of(
            case.partner_id, reason, case, company=case.company_id
        )
        return {"authorizations": withdrawn.ids}

    @api.model
    def _restore_for_case(self, case, kept):
        """Grant again what a case had withdrawn, unless something else withdrew it.

        :param kept: what `_withdraw_for_case` returned
        """
        # Decisions are set by buttons alone; who lifts the case was checked.
        records = (
            self.sudo()
            .browse(kept.get("authorizations") or ())
            .exists()
            .filtered(
                lambda r: (
                    r.decision == "withdrawn"
                    and r.withdrawal_model == case._name
                    and r.withdrawal_source == case.id
                )
            )
        )
        records._decide(
            "granted",
            withdrawn_on=False,
            withdrawal_reason=False,
            withdrawal_model=False,
            withdrawal_source=False,
        )
        for record in records:
            record._message_log(
                body=self.env._("Given back, as %s was lifted.", case.name)
            )
