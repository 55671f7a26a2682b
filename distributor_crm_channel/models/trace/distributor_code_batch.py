# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...trace.codes import read_code

MAX_CODES = 1000


class DistributorCodeBatch(models.TransientModel):
    """Many codes that were seen at one place, entered or scanned one after the other."""

    _name = "distributor.code.batch"
    _description = "Enter Many Codes"

    codes = fields.Text(
        required=True, help="One a line. A code that is there twice counts once."
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    seen_at = fields.Datetime(
        string="Seen On", required=True, default=fields.Datetime.now
    )
    shop = fields.Char(string="Seen At")
    country_id = fields.Many2one(
        comodel_name="res.country", default=lambda self: self.env.company.country_id
    )
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Province",
        domain="[('country_id', '=?', country_id)]",
    )
    city = fields.Char(string="City or County")
    sales_channel_id = fields.Many2one(
        comodel_name="distributor.territory.channel", string="Sold Through"
    )

    @api.model
    def _split(self, text):
        """Return the codes of a text, each once."""
        lines = filter(None, map(str.strip, text.splitlines()))
        return list({read_code(line).text or line: line for line in lines}.values())

    def action_enter(self):
        """Create and trace a sighting of each code, and open them.

        :raises UserError: there is none, or too many
        """
        self.ensure_one()
        codes = self._split(self.codes)
        if not 0 < len(codes) <= MAX_CODES:
            raise UserError(
                self.env._("Enter codes one a line, at most %s at a time.", MAX_CODES)
            )
        shared = {
            "company_id": self.company_id.id,
            "seen_at": self.seen_at,
            "shop": self.shop,
            "country_id": self.country_id.id,
            "state_id": self.state_id.id,
            "city": self.city,
            "sales_channel_id": self.sales_channel_id.id,
        }
        sightings = self.env["distributor.code.sighting"].create(
            [{**shared, "typed_code": code} for code in codes]
        )
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "distributor_crm_channel.distributor_code_sighting_action"
            ),
            "domain": [("id", "in", sightings.ids)],
            "context": {},
        }
