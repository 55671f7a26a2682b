# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ...visit import keys


class CrmLead(models.Model):
    """Leads are customers in our system too (R051)."""

    _inherit = "crm.lead"

    visit_phone_key = fields.Char(
        compute="_compute_visit_keys", store=True, index="btree_not_null"
    )
    visit_pinyin_key = fields.Char(compute="_compute_visit_keys", store=True)
    visit_company_key = fields.Char(
        compute="_compute_visit_keys", store=True, index="btree_not_null"
    )

    # The phone too: under a name, phones with one slip stand side by side.
    _visit_pinyin_key_idx = models.Index(
        "(visit_pinyin_key, visit_phone_key) WHERE visit_pinyin_key IS NOT NULL"
    )

    @api.depends("contact_name", "partner_name", "phone", "country_id")
    def _compute_visit_keys(self):
        home = self.env.company.country_id.phone_code
        for lead in self:
            code = lead.country_id.phone_code or home
            lead.visit_phone_key = keys.phone_key(lead.phone, code) or False
            lead.visit_pinyin_key = keys.pinyin_key(lead.contact_name) or False
            lead.visit_company_key = keys.company_key(lead.partner_name) or False
