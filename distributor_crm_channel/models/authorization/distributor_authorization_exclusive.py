# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from odoo.addons.distributor_crm.validity import valid_domain


class DistributorAuthorization(models.Model):
    """What exclusivity keeps out (R125)."""

    _inherit = "distributor.authorization"

    @api.constrains(
        "partner_id",
        "territory_id",
        "categ_id",
        "brand_id",
        "date_from",
        "date_to",
        "exclusive",
        "decision",
    )
    def _check_exclusivity(self):
        """Refuse authorizations that break another's exclusivity (R125)."""
        overlapping = {}
        rivals = self._get_rivals()
        for authorization in self.filtered(lambda r: r.decision == "granted"):
            for other in rivals:
                pair = authorization.territory_id, other.territory_id
                if not authorization._competes(other):
                    continue
                if pair not in overlapping:
                    overlapping[pair] = pair[0]._overlaps(pair[1])
                if overlapping[pair]:
                    raise ValidationError(authorization._describe_conflict(other))

    def _get_rivals(self):
        """Authorizations that may stand against these, found in one search."""
        self = self.filtered(lambda r: r.territory_id and r.decision == "granted")
        if not self:
            return self
        last_days = self.mapped("date_to")
        domain = Domain("company_id", "in", self.company_id.ids)
        domain &= Domain("decision", "=", "granted") & valid_domain(
            min(self.mapped("date_from")), max(last_days) if all(last_days) else None
        )
        if not any(self.mapped("exclusive")):
            domain &= Domain("exclusive", "=", True)
        countries = self.territory_id.area_ids.country_id
        return self.search(
            domain & Domain("territory_id.area_ids.country_id", "in", countries.ids)
        )

    def _competes(self, other):
        """Whether both cannot stand, if their territories overlap."""
        return (
            (self.exclusive or other.exclusive)
            and self.company_id == other.company_id
            and self.partner_id.commercial_partner_id
            != other.partner_id.commercial_partner_id
            and (not other.date_to or self.date_from <= other.date_to)
            and (not self.date_to or other.date_from <= self.date_to)
            and self._shares_products(other)
        )

    def _shares_products(self, other):
        if self.brand_id and other.brand_id and self.brand_id != other.brand_id:
            return False
        mine, theirs = self.categ_id.parent_path or "", other.categ_id.parent_path or ""
        return mine.startswith(theirs) or theirs.startswith(mine)

    def _describe_conflict(self, rival):
        names = {
            "asker": self.partner_id.name,
            "asked": self.territory_id.name,
            "rival": rival.partner_id.name,
            "products": rival.categ_id.display_name or self.env._("all products"),
            "territory": rival.territory_id.name,
            "period": rival._describe_period(),
        }
        if rival.exclusive:
            return self.env._(
                "%(asker)s cannot be authorized for %(asked)s: %(rival)s is the "
                "exclusive distributor for %(products)s in %(territory)s, %(period)s. "
                "Choose other days, other products or a territory that does not "
                "overlap, or end the exclusivity.",
                **names,
            )
        return self.env._(
            "%(asker)s cannot be exclusive for %(asked)s: %(rival)s is authorized for "
            "%(products)s in %(territory)s, %(period)s. Choose other days, other "
            "products or a territory that does not overlap, or end that "
            "authorization.",
            **names,
        )

    def _describe_period(self):
        start = format_date(self.env, self.date_from)
        if not self.date_to:
            return self.env._("from %s on", start)
        return self.env._(
            "from %(start)s until %(end)s",
            start=start,
            end=format_date(self.env, self.date_to),
        )
