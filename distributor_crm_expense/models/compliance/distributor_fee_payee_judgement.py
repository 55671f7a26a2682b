# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorFeePayeeMixin(models.AbstractModel):
    """Payees are judged again right before they are paid (R078-R082).

    Between the signatures and the payment somebody may have become an official, or one
    of us, or the policy may have changed.
    """

    _inherit = "distributor.fee.payee.mixin"

    def _judge_again(self):
        """Judge these payees by what is known of them now.

        Whoever may not be paid any more goes back to the compliance reviewer.

        :return: {record: why it is not paid now}
        """
        # Nobody may write what is judged here; it is the system's.
        own = self.sudo().with_context(skip_validation_check=True)
        today = fields.Date.context_today(self)
        objections = {}
        for record in own:
            decided = record.compliance_state
            kind = record.payee_id and record._judge_payee()
            if kind != record.payee_kind:
                record.payee_kind = kind
            objection = record._get_payee_objection(today)
            if objection and record.compliance_state != "refused":
                record._wait_for_compliance()
            elif record.compliance_state == "waiting" and decided != "waiting":
                objection = self.env._(
                    "%(payee)s is a person by now: the compliance reviewer has to agree "
                    "before %(what)s is paid.",
                    payee=record.payee_id.name,
                    what=record.display_name,
                )
            if objection:
                objections[record] = objection
        return objections

    def _wait_for_compliance(self):
        """Ask the compliance reviewer anew, whatever was decided before."""
        self.write(
            {
                "compliance_state": "waiting",
                "compliance_user_id": False,
                "compliance_on": False,
                "compliance_note": False,
            }
        )


class DistributorFeeDocument(models.AbstractModel):
    _inherit = "distributor.fee.document"

    def _judge_payees_again(self):
        """Judge the payees of what is still to be paid on these.

        :return: {document: why some of it is not paid now}
        """
        found = {}
        for document in self:
            objections = document._get_fees_to_pay()._judge_again()
            if objections:
                found[document] = text = " ".join(objections.values())
                document._tell_objection(text)
        return found

    def _get_fees_to_pay(self):
        """Hook: return what names payees, and is neither paid nor refused."""
        return self._get_fees()

    def _tell_objection(self, text):
        """Put on record why it is not paid, and tell the compliance reviewer."""
        self.message_post(body=self.env._("Judged again before the payment: %s", text))
        self._tell_compliance()


class DistributorFeeStatement(models.Model):
    _inherit = "distributor.fee.statement"

    def _get_fees_to_pay(self):
        # EXTENDS distributor.fee.document
        return self._get_unsettled_lines().filtered(
            lambda line: line.payable > 0 and not line._is_refused()
        )
