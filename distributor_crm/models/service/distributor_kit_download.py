# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ...uploads import check_address


class DistributorKitDownload(models.Model):
    """Who took which version of a kit, when, and where he used it (R168)."""

    _name = "distributor.kit.download"
    _description = "Kit Download"
    _order = "downloaded_at desc, id desc"
    _rec_name = "file_name"

    kit_id = fields.Many2one(
        comodel_name="distributor.kit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="kit_id.company_id", store=True, index=True)
    file_name = fields.Char(string="File", readonly=True)
    version = fields.Integer(readonly=True, aggregator="max")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="By", readonly=True, ondelete="restrict"
    )
    downloaded_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    usage_url = fields.Char(string="Used At", readonly=True)
    usage_state = fields.Selection(
        selection=[
            ("none", "Not Told"),
            ("declared", "To Verify"),
            ("verified", "Verified"),
            ("refused", "Not Found"),
        ],
        string="Use",
        required=True,
        readonly=True,
        default="none",
        index=True,
    )
    checked_by_id = fields.Many2one(comodel_name="res.users", readonly=True)

    _declared_has_address = models.Constraint(
        "CHECK(usage_state = 'none' OR usage_url IS NOT NULL)",
        "A declared use has the address where it is seen.",
    )

    def _declare(self, address):
        """Keep where the distributor used what he took.

        :raises UserError: he took nothing, or the address is none
        """
        if not self:
            raise UserError(self.env._("Download a file of this kit first."))
        self[:1].write(
            {
                "usage_url": check_address(self.env, address),
                "usage_state": "declared",
                "checked_by_id": False,
            }
        )

    def action_verify(self):
        """Confirm that the kit is used where the distributor says."""
        self._check_use("verified")

    def action_refuse(self):
        """Note that the kit is not used where the distributor says."""
        self._check_use("refused")

    def _check_use(self, state):
        self.check_access("write")
        if any(download.usage_state == "none" for download in self):
            raise UserError(self.env._("The distributor has declared no use yet."))
        # The log is closed to users; the right to check it was checked.
        self.sudo().write({"usage_state": state, "checked_by_id": self.env.uid})

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("What was downloaded is not edited by hand."))
        return super().write(vals)
