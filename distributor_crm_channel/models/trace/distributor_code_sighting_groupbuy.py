# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from odoo.addons.distributor_crm.guard import hold_until_committed

from ...trace.deliveries import groupbuys


class DistributorCodeSighting(models.Model):
    """Goods of a group-buy that turn up away from its place (R042, R043).

    Our own staff's sighting makes a suspicion even inside the territory, where goods of
    others are free to be; a public one alone makes none. Neither holds anything: that
    follows when an account manager has looked at it and opens the case.
    """

    _inherit = "distributor.code.sighting"

    groupbuy_id = fields.Many2one(
        comodel_name="distributor.groupbuy",
        string="Group-buy",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="For which the goods were delivered.",
    )
    is_elsewhere = fields.Boolean(
        string="Away from the Group-buy",
        readonly=True,
        copy=False,
        help="Seen where the group-buy does not take place: too far from its position, "
        "or in a city that its addresses do not name.",
    )

    def _conclude(self, chosen, found):
        # EXTENDS: find the group-buys of all of them with one statement
        before = self.filtered(lambda s: s.state == "suspected" and s.groupbuy_id)
        result = super()._conclude(chosen, found)
        by_sighting = self._find_groupbuys()
        for sighting in self:
            groupbuy = by_sighting.get(sighting, sighting.groupbuy_id.browse())
            is_elsewhere = bool(groupbuy) and not groupbuy._is_place_of(sighting)
            values = {"groupbuy_id": groupbuy.id, "is_elsewhere": is_elsewhere}
            if is_elsewhere and sighting.channel == "staff":
                values["state"] = "suspected"
            sighting._set(**values)
        (self - before)._ask_for_groupbuy_cases()
        return result

    def _find_groupbuys(self):
        """Return {sighting: group-buy} of those whose goods were delivered for one."""
        rows = []
        for company, group in self.filtered("lot_id").grouped("company_id").items():
            self.env.flush_all()
            keys = [(s.id, s.lot_id.id, s.seen_at) for s in group]
            statement = groupbuys(company.id, *zip(*keys, strict=True))
            rows += self.env.execute_query(statement)
        Groupbuy = self.env["distributor.groupbuy"].sudo()  # whoever saw the code
        found = Groupbuy.browse({number for _key, number in rows})
        by_id = {groupbuy.id: groupbuy for groupbuy in found}
        sightings = {sighting.id: sighting for sighting in self}
        return {
            sightings[key]: by_id[number]
            for key, number in rows
            if by_id[number].partner_id == sightings[key].source_partner_id
        }

    def _ask_for_groupbuy_cases(self):
        """Ask who looks after the distributor to look at it, once a group-buy."""
        fresh = self.filtered(
            lambda s: (
                s.state == "suspected" and s.is_elsewhere and s.channel != "public"
            )
        )
        for groupbuy, group in fresh.grouped("groupbuy_id").items():
            others = groupbuy.sighting_ids - group
            if "suspected" in others.mapped("state"):
                continue
            user = groupbuy.account_manager_id
            if user:
                group[0].activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Goods of a group-buy elsewhere: open a case?"),
                    note=self.env._(
                        "%(code)s was delivered for %(groupbuy)s and seen elsewhere.",
                        code=group[0].code,
                        groupbuy=groupbuy.name,
                    ),
                    user_id=user.id,
                )

    # -- the case ----------------------------------------------------------------------

    def _open_cases(self):
        # EXTENDS: codes of a group-buy whose case is open join it; all are told
        strays = self.filtered(lambda s: s.groupbuy_id and s.is_elsewhere)
        hold_until_committed(strays.groupbuy_id)
        strays.groupbuy_id.invalidate_recordset()
        joining = strays.filtered(lambda s: s.groupbuy_id._get_open_case())
        cases = joining.groupbuy_id.violation_id
        for case, group in joining.grouped(
            lambda s: s.groupbuy_id.violation_id
        ).items():
            group._set(state="case", violation_id=case.id)
            case._add_facts(group._get_facts(), group.evidence_ids)
        if others := self - joining:
            cases |= super(DistributorCodeSighting, others)._open_cases()
        for groupbuy, group in strays.grouped("groupbuy_id").items():
            groupbuy._turn_up(group)
        return cases

    def _prepare_report(self):
        # EXTENDS: what the prices of the group-buys saved is at stake
        report = super()._prepare_report()
        strays = self.filtered("is_elsewhere").groupbuy_id
        costly = strays.filtered(lambda g: g.policy_id.claw_back and g.advantage)
        if len(costly.currency_id) == 1:
            report["amount"] = sum(costly.mapped("advantage"))
            report["currency_id"] = costly.currency_id.id
        return report

    def _describe_facts(self):
        # EXTENDS: what the goods were delivered for
        text = super()._describe_facts()
        groupbuy = self.is_elsewhere and self.groupbuy_id
        if not groupbuy:
            return text
        return "\n".join(
            (
                text,
                self.env._(
                    "Delivered for the group-buy %(name)s at %(address)s.",
                    name=groupbuy.name,
                    address=groupbuy.address,
                ),
            )
        )

    def action_view_groupbuy(self):
        """Open the group-buy for which the goods were delivered."""
        return self.groupbuy_id._get_records_action()
