# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from typing import Any, NamedTuple

from odoo import api, models
from odoo.fields import Domain


class Question(NamedTuple):
    """May this distributor sell these products at this place on this day?"""

    company: Any
    partner: Any
    place: tuple  # country, state, city and postal code, as of a partner
    category: Any
    day: date
    channel: Any = None
    brand: Any = None


class Answer(NamedTuple):
    """What the authorizations say about it.

    ``verdict`` is one of ``free`` (nothing binds him), ``inside``, ``agreed`` (outside,
    and whoever is at home there agreed), ``unclear`` (the place says too little) and
    ``outside``; ``control`` what follows from it.
    """

    verdict: str
    territories: Any  # in which the place lies, the narrowest ones
    own: Any  # where he may sell these products
    rivals: Any  # the distributors who may sell them there
    filing: Any
    control: str


CONTROLS = ("free", "watch", "warn", "block")


class DistributorTerritory(models.Model):
    """Who may sell where: one answer for orders, deliveries and goods that were seen."""

    _inherit = "distributor.territory"

    @api.model
    def _get_covering(self, company, place):
        """Return the territories that an address lies in, the narrowest ones alone.

        :param place: country, state, city and postal code, as of a partner
        """
        areas = self._find_areas(company, place[0])
        return self._pick_narrowest(areas.get((company, place[0]), ()), place)

    @api.model
    def _find_areas(self, companies, countries):
        """Return the areas of territories by company and country, found in one search."""
        areas = self.env["distributor.territory.area"].search(
            [
                ("country_id", "in", countries.ids),
                ("territory_id.company_id", "in", companies.ids),
                ("territory_id.active", "=", True),
            ]
        )
        return areas.grouped(lambda a: (a.territory_id.company_id, a.country_id))

    @api.model
    def _pick_narrowest(self, areas, place):
        ranks = {area: area._rank(*place[1:]) for area in areas}
        best = max(filter(None, ranks.values()), default=None)
        return self.union(
            *(
                area.territory_id
                for area, rank in ranks.items()
                if best and rank == best
            )
        )

    def _contains(self, place):
        """Whether a place lies in one of these territories; None where nobody can say."""
        found = {area._contains(place) for area in self.area_ids}
        return True if True in found else None if None in found else False

    @api.model
    def _judge(self, questions):
        """Answer many questions with a few searches, whatever their number.

        Whose territory it is does not depend on who asks: call it with full rights.

        :param questions: list of Question
        :return: list of Answer, in the same order
        """
        companies = self.env["res.company"].union(*(q.company for q in questions))
        countries = self.env["res.country"].union(*(q.place[0] for q in questions))
        partners = self.env["res.partner"].union(*(q.partner for q in questions))
        areas = self._find_areas(companies, countries)
        # Many questions are about one place: whose it is, is found out once.
        places = {
            (q.company, q.place): self._look_up(
                areas.get((q.company, q.place[0]), ()), q.place
            )
            for q in {(q.company, q.place): q for q in questions}.values()
        }
        around = self.union(*(there for _narrowest, there in places.values()))
        rows = self._find_authorizations(companies, partners, around)
        own = rows.grouped(lambda r: (r.company_id, r.partner_id.commercial_partner_id))
        by_territory = rows.grouped("territory_id")
        filings = self.env["distributor.territory.filing"].search(
            [
                ("company_id", "in", companies.ids),
                ("partner_id", "in", partners.commercial_partner_id.ids),
                ("state", "=", "agreed"),
            ]
        )
        answers = []
        for q in questions:
            narrowest, around = places[q.company, q.place]
            mine = own.get((q.company, q.partner.commercial_partner_id), ())
            there = [row for t in around for row in by_territory.get(t, ())]
            answers.append(self._answer(q, mine, narrowest, there, filings))
        return answers

    @api.model
    def _look_up(self, areas, place):
        """Return the narrowest territories of a place, and all that it lies in."""
        there = {area.territory_id for area in areas if area._contains(place)}
        return self._pick_narrowest(areas, place), self.union(*there)

    @api.model
    def _find_authorizations(self, companies, partners, territories):
        """Return where these partners may sell, and who may sell in these territories.

        What is for a shop alone binds nobody to a place.
        """
        own = Domain(
            "partner_id.commercial_partner_id", "in", partners.commercial_partner_id.ids
        ) & Domain("territory_id", "!=", False)
        return self.env["distributor.authorization"].search(
            Domain("company_id", "in", companies.ids)
            & Domain("decision", "=", "granted")
            & (own | Domain("territory_id", "in", territories.ids))
        )

    @api.model
    def _answer(self, question, own, territories, there, filings):
        partner = question.partner.commercial_partner_id
        rows = self.env["distributor.authorization"]
        mine = rows.union(*(row for row in own if row._answers(question)))
        rivals = rows.union(
            *(
                row
                for row in there
                if row.partner_id.commercial_partner_id != partner
                and row._answers(question)
            )
        )
        filing = filings.filtered(lambda filing: filing._fits(question))[:1]
        verdict = self._decide(question, mine, rivals, filing)
        homes = mine.territory_id
        concerned = territories or homes
        control = max(
            concerned.mapped("control_mode"), key=CONTROLS.index, default="free"
        )
        if verdict == "outside" and control == "free":
            verdict = "free"
        at_home = rivals.filtered("exclusive") or rivals
        return Answer(verdict, territories, homes, at_home.partner_id, filing, control)

    @api.model
    def _decide(self, question, mine, rivals, filing):
        # Who is bound to no territory may sell anywhere but where another is alone.
        if not mine and not any(rivals.mapped("exclusive")):
            return "free"
        inside = mine.territory_id._contains(question.place) if mine else False
        if inside:
            return "inside"
        if filing:
            return "agreed"
        return "outside" if inside is False else "unclear"
