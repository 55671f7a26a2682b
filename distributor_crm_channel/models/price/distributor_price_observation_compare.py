# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ...price.compare import COMPARE

# Cases opened in one go; the rest waits for the next turn.
REPORTED_AT_ONCE = 500


class DistributorPriceObservation(models.Model):
    # One model, a file for each of its tasks.
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "distributor.price.observation"

    @api.model
    def _compare(self, company, ids=None):
        """Hold the new observations of a company against the floors of their days.

        One statement for all of them; it says the same as ``price/choice.py`` and
        ``price/normal.py``.

        :param ids: of these alone
        :return: how many were compared
        """
        self.env["distributor.price.rule"].flush_model()
        for model in ("res.partner", "product.product", "product.template"):
            self.env[model].flush_model()
        self.flush_model()
        which = SQL("TRUE") if ids is None else SQL("o.id = ANY(%s)", list(ids))
        self.env.cr.execute(
            SQL(
                COMPARE,
                company=company.id,
                root=company.root_id.id,
                currency=company.currency_id.id,
                tax_companies=company.parent_ids.ids,
                which=which,
                now=fields.Datetime.now(),
            )
        )
        count = self.env.cr.rowcount
        self.invalidate_model()
        return count

    # -- what follows ----------------------------------------------------------------

    @api.model
    def _cron_compare(self):
        """Match, compare and report what came in."""
        cron = self.env["ir.cron"]
        fresh = self._read_group([("state", "=", "new")], ["company_id"])
        for (company,) in fresh:
            self._compare(company)
        cron._commit_progress(len(fresh))
        while True:
            done = self._report_below(limit=REPORTED_AT_ONCE)
            left = self.search_count(self._get_report_domain(), limit=1)
            if not done or not cron._commit_progress(done, remaining=left):
                break

    @api.model
    def _wake(self):
        """Have new observations compared soon."""
        # Who sends prices may wake what compares them.
        self.env.ref("distributor_crm_channel.ir_cron_price_compare").sudo()._trigger()
