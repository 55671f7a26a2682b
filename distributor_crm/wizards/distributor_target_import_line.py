# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from odoo import api, fields, models

REFERENCES = ("partner_id", "user_id", "country_id", "state_id", "categ_id")


class DistributorTargetImportLine(models.TransientModel):
    """A row of the file, and what becomes of it."""

    _name = "distributor.target.import.line"
    _description = "Row of an Import of Targets"
    _order = "line, id"

    import_id = fields.Many2one(
        comodel_name="distributor.target.import", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="import_id.company_id.currency_id")
    line = fields.Integer()
    year = fields.Integer()
    scope = fields.Selection(
        selection=lambda self: (
            self.env["distributor.target"]
            ._fields["scope"]
            ._description_selection(self.env)
        ),
        string="Target For",
    )
    subject = fields.Char(string="Found")
    partner_id = fields.Many2one(comodel_name="res.partner")
    user_id = fields.Many2one(comodel_name="res.users")
    country_id = fields.Many2one(comodel_name="res.country")
    state_id = fields.Many2one(comodel_name="res.country.state")
    categ_id = fields.Many2one(comodel_name="product.category", string="Product Line")
    amount = fields.Monetary(string="Target")
    months = fields.Char(help="Twelve amounts, where the file gives them.")
    effect = fields.Selection(
        selection=[
            ("create", "New draft"),
            ("update", "Changes the draft"),
            ("version", "New version of the approved one"),
        ]
    )
    target_id = fields.Many2one(
        comodel_name="distributor.target", string="Standing Target"
    )
    problem = fields.Char(string="Reason")

    @api.model
    def _get_reference_fields(self):
        """Return the fields that say for whom. Extended with new scopes."""
        return REFERENCES

    def _take_over(self):
        """Write the targets of these rows; return them."""
        # What the user may write is asked of the target model, not of the preview.
        Target = self.env["distributor.target"].with_user(self.env.user).sudo(False)
        new = self.filtered(lambda line: line.effect == "create")
        targets = Target.create([line._prepare_target() for line in new])
        found = dict(zip(new, targets, strict=True))
        for line in self - new:
            target = Target.browse(line.target_id.id)
            if line.effect == "version":
                target = target._make_version()
            # The file decides anew what the year and its months are.
            target.sudo().month_ids.is_fixed = False
            target.write({"amount": line.amount})
            found[line] = target
        for line, target in found.items():
            if line.months:
                target._set_months(json.loads(line.months))
        return Target.browse(target.id for target in found.values())

    def _prepare_target(self):
        return {
            "company_id": self.import_id.company_id.id,
            "year": self.year,
            "scope": self.scope,
            "amount": self.amount,
            **{name: self[name].id for name in self._get_reference_fields()},
        }
