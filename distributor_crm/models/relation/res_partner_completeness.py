# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResPartner(models.Model):
    """How complete the record of a distributor is, and what it lacks (A08)."""

    _inherit = "res.partner"

    completeness = fields.Integer(
        groups="base.group_user",
        string="Record Complete (%)",
        compute="_compute_completeness",
        store=True,
        aggregator="avg",
        help="How much of what one should know of a distributor stands in the record.",
    )
    completeness_level = fields.Selection(
        groups="base.group_user",
        selection=[
            ("poor", "Below 60%"),
            ("partial", "60 to 99%"),
            ("complete", "Complete"),
        ],
        string="Completeness",
        compute="_compute_completeness",
        store=True,
    )
    completeness_gaps = fields.Char(
        groups="base.group_user",
        string="Missing in the Record",
        compute="_compute_completeness_gaps",
    )

    def _get_completeness(self):
        """Return what is asked of a record, {name: whether it is there}; others add."""
        self.ensure_one()
        people = self.child_ids.filtered(lambda child: child.type == "contact")
        country = self.country_id
        return {
            "vat": bool(self.vat),
            "street": bool(self.street),
            "city": bool(self.city),
            "country": bool(country),
            "province": bool(self.state_id or country and not country.state_ids),
            "phone": bool(self.phone),
            "email": bool(self.email),
            "bank": bool(self.bank_ids),
            "contact": bool(people) or not self.is_company,
            "decider": any(p.decision_role == "decides" for p in self + people),
            "tier": bool(self.grade_id),
            "manager": bool(self.account_manager_id),
        }

    def _name_completeness(self):
        """Return the names of what is asked, to show them."""
        return {
            "vat": self.env._("tax ID"),
            "street": self.env._("street"),
            "city": self.env._("city"),
            "country": self.env._("country"),
            "province": self.env._("province"),
            "phone": self.env._("phone"),
            "email": self.env._("e-mail"),
            "bank": self.env._("bank account"),
            "contact": self.env._("contact person"),
            "decider": self.env._("who decides"),
            "tier": self.env._("tier"),
            "manager": self.env._("account manager"),
        }

    @api.depends(
        "is_distributor",
        "parent_id",
        "is_company",
        "vat",
        "street",
        "city",
        "country_id",
        "state_id",
        "phone",
        "email",
        "bank_ids",
        "decision_role",
        "child_ids.type",
        "child_ids.decision_role",
        "grade_id",
        "account_manager_id",
    )
    def _compute_completeness(self):
        asked = self.filtered(lambda one: one.is_distributor and not one.parent_id)
        (self - asked).completeness = 0
        (self - asked).completeness_level = False
        for partner in asked:
            found = partner._get_completeness()
            percent = 100 * sum(found.values()) // len(found)
            partner.completeness = percent
            partner.completeness_level = (
                "complete" if percent == 100 else "poor" if percent < 60 else "partial"
            )

    @api.depends("completeness")
    @api.depends_context("lang")
    def _compute_completeness_gaps(self):
        names = self._name_completeness()
        for partner in self:
            gaps = []
            if partner.completeness_level:
                found = partner._get_completeness()
                gaps = [
                    names.get(key, key) for key, there in found.items() if not there
                ]
            partner.completeness_gaps = ", ".join(gaps)
