# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...visit import keys


class DistributorVisitMember(models.Model):
    """Somebody who came along: spouses and friends are one group, and one visit (R046)."""

    _name = "distributor.visit.member"
    _description = "Member of a Group"
    _order = "visit_id, id"

    visit_id = fields.Many2one(
        comodel_name="distributor.visit", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True)
    phone = fields.Char()
    relation = fields.Selection(
        selection=[
            ("spouse", "Spouse"),
            ("family", "Family"),
            ("friend", "Friend"),
            ("colleague", "Colleague"),
            ("other", "Other"),
        ],
        default="spouse",
    )
    phone_key = fields.Char(
        compute="_compute_keys", store=True, precompute=True, index="btree_not_null"
    )
    pinyin_key = fields.Char(
        compute="_compute_keys", store=True, precompute=True, index="btree_not_null"
    )

    @api.depends("name", "phone", "visit_id.company_id")
    def _compute_keys(self):
        for member in self:
            code = member.visit_id.company_id.country_id.phone_code
            member.phone_key = keys.phone_key(member.phone, code) or False
            member.pinyin_key = keys.pinyin_key(member.name) or False

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members._check_open()
        members.visit_id.sudo()._look_again()  # older records are nobody's to read
        return members

    def write(self, vals):
        self._check_open()
        result = super().write(vals)
        self.visit_id.sudo()._look_again()  # older records are nobody's to read
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judged(self):
        self._check_open()

    def _check_open(self):
        """Refuse to change a group that was judged.

        :raises UserError: names the visit
        """
        if self.env.su:
            return
        closed = self.visit_id.filtered(
            lambda visit: visit.state not in ("planned", "arrived", "reception")
        )
        if closed:
            raise UserError(
                self.env._("%s is judged: the group stays as it was.", closed[0].name)
            )
