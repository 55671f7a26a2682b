# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from odoo.addons.distributor_crm.sales_import.problems import ValueProblem

from ...price import sheet
from .distributor_price_import_work import Reader


class DistributorPriceObservation(models.Model):
    # One model, a file for each of its tasks.
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "distributor.price.observation"

    @api.model
    def _receive(self, source, items):
        """Take in what a program sends: good ones in, bad ones with the reason.

        :param source: whose key it came with; its company is the observations'
        :param items: list of dicts with the names of ``sheet.COLUMNS``, untrusted
        :return: {"new": how many, "known": how many,
            "refused": [{"index": place in the list, "reason": text}]}
        """
        reader = Reader(self.with_company(source.company_id), None, source)
        seen, refused = [], []
        for number, item in enumerate(items):
            try:
                seen.append((number, self._read_item(item, reader.rules)))
            except ValueProblem as error:
                refused.append((number, reader.explain(error.problem)))
        good, bad = reader.prepare(seen)
        new = self._insert(good) if good else 0
        if new:
            self._wake()
        return {
            "new": new,
            "known": len(good) - new,
            "refused": [
                {"index": number, "reason": reason}
                for number, reason in sorted(refused + bad)
            ],
        }

    @api.model
    def _read_item(self, item, rules):
        if not isinstance(item, dict):
            raise ValueProblem("not_object")

        def cell(name):
            value = item.get(name)
            if value is None:
                return ""
            if isinstance(value, bool):
                return "yes" if value else "no"
            if not isinstance(value, str | int | float):
                raise ValueProblem("not_text", value=str(value)[:80])
            return str(value)[:1000].replace("\0", "")

        return sheet.read_row(cell, rules)
