# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ...visit import keys
from .distributor_visit_policy import BROUGHT


class DistributorVisit(models.Model):
    """What follows from what is entered: agency, place, keys of the customer."""

    _inherit = "distributor.visit"

    @api.depends("agent_id")
    def _compute_agency_id(self):
        for visit in self:
            visit.agency_id = visit.agent_id.visit_agency_id or visit.agency_id

    @api.depends("kind")
    def _compute_user_id(self):
        """Whoever plans a visit of ours makes it; a receptionist is assigned."""
        for visit in self:
            if visit.kind not in BROUGHT and not self.env.user.share:
                visit.user_id = visit.user_id or self.env.user
            else:
                visit.user_id = visit.user_id

    @api.depends("customer_id")
    def _compute_customer(self):
        for visit in self:
            partner = visit.customer_id
            visit.customer_name = visit.customer_name or partner.name
            visit.customer_phone = visit.customer_phone or partner.phone

    @api.depends("customer_name", "customer_phone", "customer_company", "company_id")
    def _compute_keys(self):
        for visit in self:
            code = visit.company_id.country_id.phone_code
            visit.phone_key = keys.phone_key(visit.customer_phone, code) or False
            visit.name_key = keys.name_key(visit.customer_name) or False
            visit.pinyin_key = keys.pinyin_key(visit.customer_name) or False
            visit.company_key = keys.company_key(visit.customer_company) or False

    @api.depends("member_ids")
    def _compute_member_count(self):
        for visit in self:
            visit.member_count = 1 + len(visit.member_ids)

    @api.depends("kind", "customer_id", "company_id")
    def _compute_place_id(self):
        """Customers are brought to the showroom; distributors are visited at home."""
        Policy = self.env["distributor.visit.policy"]
        today = fields.Date.context_today(self)
        showrooms = {}
        for visit in self:
            if visit.place_id:
                visit.place_id = visit.place_id
            elif visit.kind in BROUGHT:
                key = (visit.kind, visit.company_id)
                if key not in showrooms:
                    policy = Policy._find(*key, today)
                    showrooms[key] = policy.place_id or visit.company_id.partner_id
                visit.place_id = showrooms[key]
            else:
                visit.place_id = visit.customer_id

    @api.depends("result_ids.kind")
    def _compute_policy_kinds(self):
        """Which kinds of criteria the form shows."""
        for visit in self:
            kinds = visit.result_ids.mapped("kind")
            visit.policy_kinds = ",".join(sorted(set(kinds)))
            visit.has_survey = "survey" in kinds

    @api.depends("name", "customer_name")
    def _compute_display_name(self):
        for visit in self:
            parts = (visit.id and visit.name, visit.customer_name)
            visit.display_name = ": ".join(filter(None, parts))

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for visit in self:
            visit.access_url = f"/my/visits/{visit.id}"
        return result
