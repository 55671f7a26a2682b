# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import file_open

CLAIMS = (
    # distributor, months ago, displays, amount of one, how far it got
    ("chengdu", 3, 6, 90, "approved"),
    ("guangzhou", 3, 4, 90, "approved"),
    ("chengdu", 0, 6, 95, "approved"),
    ("guangzhou", 0, 5, 95, "submitted"),
    ("hangzhou", 0, 2, 80, "submitted"),
    ("xian", 0, 30, 80, "refused"),
    ("wuhan", 0, 3, 80, "draft"),
)


class DistributorDemo(models.AbstractModel):
    """The demo's displays: claimed by sales, decided on by the manager."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_claims(self):
        """Enter claims with their photo, decide on most, compute."""
        program = self._ref("program_display")
        other = self._ref("program_price_protection")
        if self.env.company.chart_template:
            (program + other).account_id = self._get_rebate_account()
        (program + other).action_start()
        today = fields.Date.context_today(self)
        sales, manager = self._ref("user_sales"), self._ref("user_manager")
        for name, ago, quantity, amount, state in CLAIMS:
            day = today - relativedelta(months=ago)
            if day < program.date_from:
                continue
            claim = (
                self.env["distributor.rebate.claim"]
                .with_user(sales)
                .create(
                    {
                        "program_id": program.id,
                        "partner_id": self._ref(f"partner_{name}").id,
                        "date": day,
                        "quantity": quantity,
                        "unit_amount": amount,
                        "description": "Shelf ends with the banquet line",
                    }
                )
            )
            self._attach_photo(claim)
            self._bring_to(claim, state, manager)
        program.with_user(manager).action_compute()

    def _attach_photo(self, claim):
        with file_open("distributor_crm/static/description/icon.png", "rb") as photo:
            attachment = self.env["ir.attachment"].create(
                {
                    "name": "display.png",
                    "raw": photo.read(),
                    "res_model": claim._name,
                    "res_id": claim.id,
                }
            )
        claim.invalidate_recordset(["message_attachment_count"])
        return attachment

    def _bring_to(self, claim, state, manager):
        if state == "draft":
            return
        claim.action_submit()
        if state == "approved":
            claim.with_user(manager).action_approve()
        elif state == "refused":
            reason = self.env._("The photo shows three, not 30.")
            claim.with_user(manager).message_post(body=reason)
            claim.with_user(manager).action_refuse()
