# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

STAGES = {
    "chengdu": "creation",
    "guangzhou": "growth",
    "hongkong": "identification",
    "xian": "acceptance",
    "wuhan": "running_in",
    "harbin": "acquaintance",
}


class DistributorDemo(models.AbstractModel):
    """The demo's portfolio: who left, who is orphaned, who stands there twice."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_growth(self):
        """Have a manager leave, record a loss, reckon the portfolio, find duplicates."""
        for name, stage in STAGES.items():
            self._ref(f"partner_{name}").relation_stage = stage
        self._ref("partner_lanzhou").activity_schedule(
            "mail.mail_activity_data_call",
            user_id=self._ref("user_leaving_manager").id,
            summary=self.env._("Ask about the autumn order"),
        )
        self._ref("user_leaving_manager").action_archive()
        self._ref("partner_nanjing").phone = "+86 25 5223 8800"
        orphan = self._ref("partner_nanjing_again")
        orphan.with_user(self._ref("user_account_manager")).action_ask_to_adopt()
        self.env["distributor.churn"].create(
            {
                "partner_id": self._ref("partner_xining").id,
                "reason_id": self._ref("churn_reason_neglect").id,
                "could_have_acted": "yes",
                "what_to_learn": self.env._("Nobody called for half a year."),
                "date": fields.Date.today() - relativedelta(months=2),
                "lost_sales": 18000,
            }
        )
        self.env["distributor.portfolio"]._refresh_all()
        self.env["distributor.duplicate"]._find()
