# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class TargetPortal(CustomerPortal):
    """A distributor's own approved targets, what he bought of them, and where that leads.

    Drafts, and what others are to sell, are not there.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "target_count" in counters:
            targets, domain = self._get_own_targets()
            values["target_count"] = targets.search_count(domain)
        return values

    def _get_own_targets(self):
        """Return the targets with full rights, and the domain of one's own.

        Portal users hold no right on targets at all: sudo reads, and this domain alone
        decides what.
        """
        distributor = request.env.user.commercial_partner_id
        return request.env["distributor.target"].sudo(), [
            ("partner_id", "=", distributor.id),
            ("scope", "in", ("partner", "partner_category")),
            ("state", "=", "approved"),
        ]

    @http.route("/my/targets", type="http", auth="user", website=True, readonly=True)
    def portal_my_targets(self, year=None, **kw):
        """The targets of a year: this one, or the latest there is."""
        targets, domain = self._get_own_targets()
        years = [found for (found,) in targets._read_group(domain, ["year"])]
        years.sort(reverse=True)
        chosen = self._choose_target_year(year, years)
        return request.render(
            "distributor_crm.portal_my_targets",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "target",
                "years": years,
                "year": chosen,
                "targets": targets.search(
                    [*domain, ("year", "=", chosen)], order="scope, company_id, id"
                ),
            },
        )

    def _choose_target_year(self, asked, years):
        """Return the year asked for where there is one, else this one, else the latest."""
        if (asked or "").isascii() and (asked or "").isdigit() and int(asked) in years:
            return int(asked)
        this_year = fields.Date.context_today(request.env.user).year
        return this_year if this_year in years or not years else years[0]
