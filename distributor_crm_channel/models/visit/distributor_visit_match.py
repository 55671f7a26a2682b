# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorVisitMatch(models.Model):
    """An older record of the same customer, and whose he was, as of the arrival (R051).

    It is frozen: contacts change their names and owners later.
    """

    _name = "distributor.visit.match"
    _description = "Older Record of a Brought Customer"
    _order = "visit_id, is_certain desc, known_on, id"

    visit_id = fields.Many2one(
        comodel_name="distributor.visit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    name = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    owner = fields.Char(
        readonly=True, help="Who looked after the customer, or brought him."
    )
    known_on = fields.Datetime(string="Known Since", readonly=True)
    kinds = fields.Char(string="Same", readonly=True)
    is_certain = fields.Boolean(string="Certain", readonly=True)
    is_expired = fields.Boolean(
        string="Expired", readonly=True, help="Too old to count by the policy."
    )
    reasons = fields.Char(string="They Share", compute="_compute_reasons")

    @api.depends("kinds")
    @api.depends_context("lang")
    def _compute_reasons(self):
        for match in self:
            match.reasons = match._describe_kinds()

    def _describe_kinds(self):
        """Return in words what is the same."""
        labels = {
            "phone": self.env._("phone"),
            "name_company": self.env._("name and company"),
            "near_phone": self.env._("name, and phone but for one digit"),
            "name": self.env._("name"),
            "company": self.env._("company"),
        }
        return ", ".join(labels[kind] for kind in (self.kinds or "").split(",") if kind)

    def action_view_record(self):
        """Open the older record, if this user may see it.

        :raises AccessError: it is somebody else's
        """
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists()
        record.check_access("read")
        return record._get_records_action()
