# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...visit import keys


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_visit_agency = fields.Boolean(
        string="Visit Agency",
        tracking=True,
        help="Its agents bring customers, and it is paid for those that are valid.",
    )
    is_field_agent = fields.Boolean(
        string="Field Agent",
        tracking=True,
        help="Brings customers for an agency. Off: dismissed.",
    )
    visit_agency_id = fields.Many2one(
        comodel_name="res.partner",
        string="Agency",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("is_visit_agency", "=", True)],
        tracking=True,
    )
    visit_agent_ids = fields.One2many(
        comodel_name="res.partner", inverse_name="visit_agency_id", string="Agents"
    )
    agent_kind = fields.Selection(
        selection=[("promoter", "Field Agent"), ("external", "External Agent")],
        string="Brings Customers As",
        default="promoter",
    )
    visit_phone_key = fields.Char(
        compute="_compute_visit_keys",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    visit_pinyin_key = fields.Char(
        compute="_compute_visit_keys", store=True, precompute=True
    )
    visit_company_key = fields.Char(
        compute="_compute_visit_keys",
        store=True,
        precompute=True,
        index="btree_not_null",
    )

    # The phone too: under a name, phones with one slip stand side by side.
    _visit_pinyin_key_idx = models.Index(
        "(visit_pinyin_key, visit_phone_key) WHERE visit_pinyin_key IS NOT NULL"
    )
    _visit_agency_idx = models.Index("(id) WHERE is_visit_agency")
    _field_agent_idx = models.Index("(id) WHERE is_field_agent")

    @api.depends("name", "phone", "country_id", "is_company", "company_name")
    def _compute_visit_keys(self):
        home = self.env.company.country_id.phone_code
        for partner in self:
            code = partner.country_id.phone_code or home
            company = partner.name if partner.is_company else partner.company_name
            partner.visit_phone_key = keys.phone_key(partner.phone, code) or False
            partner.visit_pinyin_key = (
                not partner.is_company and keys.pinyin_key(partner.name)
            ) or False
            partner.visit_company_key = keys.company_key(company) or False

    @api.constrains("is_field_agent", "visit_agency_id")
    def _check_agent_has_agency(self):
        for partner in self:
            agency = partner.visit_agency_id
            if partner.is_field_agent and not agency:
                raise ValidationError(
                    self.env._(
                        "Say for which agency %s brings customers.", partner.name
                    )
                )
            if agency and not agency.is_visit_agency:
                raise ValidationError(
                    self.env._("%s is no agency. Mark it as one first.", agency.name)
                )
