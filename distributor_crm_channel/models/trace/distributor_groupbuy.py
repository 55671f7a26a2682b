# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from odoo.addons.distributor_crm.evidence import measure_metres

from ...groupbuy import Finding, address_key
from ...groupbuy.judging import DIVERTED

# The case fell: what it rested on proves nothing.
FALLEN = ("lifted", "dismissed")


class DistributorGroupbuy(models.Model):
    """Goods that turn up elsewhere: the case, the hold, the question (R042)."""

    _inherit = "distributor.groupbuy"

    sighting_ids = fields.One2many(
        comodel_name="distributor.code.sighting",
        inverse_name="groupbuy_id",
        string="Code Sightings",
    )
    sighting_count = fields.Integer(
        string="Codes Seen", compute="_compute_sighting_count"
    )

    @api.depends("sighting_ids")
    def _compute_sighting_count(self):
        counts = dict(
            self.env["distributor.code.sighting"]._read_group(
                [("groupbuy_id", "in", self.ids)], ["groupbuy_id"], ["__count"]
            )
        )
        for groupbuy in self:
            groupbuy.sighting_count = counts.get(groupbuy, 0)

    def action_view_sightings(self):
        """Open where codes of these goods were seen."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_code_sighting_action"
        )
        domain = [("groupbuy_id", "in", self.ids)]
        return {**action, "domain": domain, "context": {"create": False}}

    def _is_place_of(self, sighting):
        """Whether a code was seen where this takes place, or nobody can tell.

        Positions say it, where both are known; else the names: a sighting in a city that
        is named in the address proves nothing.
        """
        self.ensure_one()
        here = (self.latitude, self.longitude)
        there = (sighting.latitude, sighting.longitude)
        if any(here) and any(there):
            # As near as a photo has to be that was taken there.
            return measure_metres(*here, *there) <= self.company_id.evidence_distance
        name = address_key(sighting.city or sighting.state_id.name)
        places = (self.address, *self.use_ids.mapped("place"))
        return not name or any(name in address_key(place) for place in places)

    def _turn_up(self, sightings):
        """Hold what depends on this, and ask why: once for each code of a case.

        :param sightings: of its goods, in one case
        """
        me = self.sudo()  # whoever opens the case
        case = sightings.violation_id
        is_new = me.violation_id != case or not me.turned_up_at
        known = (me.sighting_ids - sightings).filtered(lambda s: s.violation_id == case)
        fresh = sightings.filtered(lambda s: s.code not in known.mapped("code"))
        if not is_new and not fresh:
            return
        lines = [me._say_finding(one) for one in me._find_strays(fresh)]
        before = (me.findings or "").splitlines()
        me._set(
            violation_id=case.id,
            turned_up_at=fields.Datetime.now(),
            findings="\n".join(dict.fromkeys([*before, *lines])),
            # What was let go before was let go without knowing of this.
            released_at=False,
            released_by_id=False,
        )
        # Who was asked and has not answered answers to all of it.
        if is_new or me.explained_at:
            codes = sorted(set(fresh.mapped("code")))
            me._ask_why(
                me.env._(
                    "Goods of your group-buy %(name)s turned up elsewhere (%(codes)s).",
                    name=me.name,
                    codes=", ".join(codes),
                )
            )

    def _find_strays(self, sightings=None):
        """Return a finding for each code that turned up elsewhere.

        :param sightings: all whose case stands where left out
        """
        if sightings is None:
            sightings = self.sighting_ids.filtered(
                lambda s: (
                    s.is_elsewhere
                    and s.violation_id
                    and s.violation_id.state not in FALLEN
                )
            )
        first = {}
        for sighting in sightings.sorted(lambda s: (s.seen_at, s.id)):
            first.setdefault(sighting.code, sighting)
        return [
            Finding(
                DIVERTED,
                "elsewhere",
                facts={"code": code, "place": one.city or one.state_id.name or "–"},
            )
            for code, one in first.items()
        ]

    def _find_all(self):
        # EXTENDS: what turned up before it is verified counts at the verdict
        return [*self._find_strays(), *super()._find_all()]

    @api.depends("turned_up_at")
    def _compute_timeline(self):
        return super()._compute_timeline()

    def _get_timeline(self):
        # EXTENDS: where the way of the goods led astray
        steps = super()._get_timeline()
        if not self.turned_up_at:
            return steps
        title = self.env._("Turned Up Elsewhere")
        step = self._prepare_step(title, self.turned_up_at)
        return [*steps, {**step, "status": "problem"}]

    def _get_finding_texts(self):
        return {
            **super()._get_finding_texts(),
            "elsewhere": self.env._("code %(code)s turned up elsewhere: %(place)s"),
        }
