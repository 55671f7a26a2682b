# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

# What each penalty holds; a suspension holds all.
HOLDS = {
    "suspend": {"order", "store", "application", "rebate", "earning"},
    "withdraw": {"order", "store", "application"},
    "blacklist": {"order", "store", "application"},
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_distributor_holds(self, purpose=None, company=None):
        # EXTENDS distributor_crm: suspensions, in one query however many are asked for.
        holds = super()._get_distributor_holds(purpose, company)
        owners = self.commercial_partner_id
        kinds = [
            kind for kind, held in HOLDS.items() if purpose is None or purpose in held
        ]
        if not owners or not kinds:
            return holds
        company = company or self.env.company
        # Who is suspended does not depend on who asks.
        penalties = (
            self.env["distributor.violation.penalty"]
            .sudo()
            .search_fetch(
                [
                    ("partner_id", "in", owners.ids),
                    ("company_id", "=", company.id),
                    ("state", "=", "in_force"),
                    ("kind", "in", kinds),
                    "|",
                    ("ends_at", "=", False),
                    ("ends_at", ">", fields.Datetime.now()),
                ],
                ["partner_id", "violation_id", "kind", "ends_at"],
            )
        )
        by_owner = penalties.grouped("partner_id")
        for partner in self:
            for penalty in by_owner.get(partner.commercial_partner_id, ()):
                holds.setdefault(partner, []).append(penalty._describe_hold())
        return holds
