# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.sales_import.messages import file_message, line_message
from ..sales_import.problems import FileProblem
from ..target import sheet


class DistributorTargetImport(models.TransientModel):
    """Targets from a list: looked at first, then taken over as drafts, all or none."""

    _name = "distributor.target.import"
    _description = "Import of Targets"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    year = fields.Integer(
        required=True,
        default=lambda self: fields.Date.context_today(self).year,
        help="Of the rows that name no year.",
    )
    comma = fields.Selection(
        selection=[
            ("thousands", "Thousands separator: 1,234.50"),
            ("decimal", "Decimal sign: 1.234,50"),
        ],
        default="thousands",
        required=True,
        help="What a comma means in a number. Excel files hold numbers without any.",
    )
    file = fields.Binary(attachment=False)
    filename = fields.Char()
    template_file = fields.Binary(compute="_compute_template_file")
    state = fields.Selection(
        selection=[("file", "Choose a File"), ("checked", "Preview")],
        default="file",
        required=True,
        readonly=True,
    )
    line_ids = fields.One2many(
        comodel_name="distributor.target.import.line",
        inverse_name="import_id",
        string="Rows",
        readonly=True,
    )
    row_count = fields.Integer(string="Targets", compute="_compute_counts")
    bad_count = fields.Integer(string="Wrong Rows", compute="_compute_counts")
    bad_ids = fields.One2many(
        comodel_name="distributor.target.import.line",
        compute="_compute_counts",
        string="To Correct",
    )

    @api.depends("line_ids.problem")
    def _compute_counts(self):
        for record in self:
            bad = record.line_ids.filtered("problem")
            record.bad_ids = bad
            record.bad_count = len(bad)
            record.row_count = len(record.line_ids) - len(bad)

    def _compute_template_file(self):
        headers = [
            *(self.env._("Year"), self.env._("Target For"), self.env._("Reference")),
            *(self.env._("Product Line"), self.env._("Target")),
            *sheet.ENGLISH,
        ]
        labels = dict(
            self.env["distributor.target"]
            ._fields["scope"]
            ._description_selection(self.env)
        )
        for record in self:
            rows = [
                [
                    record.year,
                    labels["partner"],
                    partner.ref or partner.name,
                    "",
                    120000,
                ]
                for partner in record._get_examples()
            ]
            user = self.env.user
            rows.append([record.year, labels["manager"], user.login, "", 900000])
            record.template_file = base64.b64encode(sheet.write_template(headers, rows))

    def _get_examples(self):
        return self.env["res.partner"].search(
            [("is_distributor", "=", True), ("parent_id", "=", False)], limit=2
        )

    def action_template(self):
        """Download a file to fill in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/template_file/targets.xlsx"
            "?download=true",
            "target": "download",
        }

    def action_check(self):
        """Read the file, and show what would be done, or what is wrong with it.

        :raises UserError: the file as a whole cannot be read
        """
        self.ensure_one()
        data = base64.b64decode(self.with_context(bin_size=False).file or b"")
        name = self.filename or self.env._("The file")
        if not data:
            raise UserError(self.env._("Choose the file with the targets first."))
        try:
            rows = sheet.read(data, name, self.comma)
        except FileProblem as error:
            text = file_message(self.env, error.problem)
            raise UserError(
                self.env._("%(file)s: %(problem)s", file=name, problem=text)
            ) from error
        self._plan(rows)
        return self._reopen()

    def _plan(self, rows):
        """Find out what each row is about, and keep that as the preview."""
        finder = self.env["distributor.target.finder"]._find(self, rows)
        # Rows of the preview are written by code alone; the wizard is the user's own.
        own = self.sudo()
        own.line_ids.unlink()
        own.write(
            {
                "state": "checked",
                "line_ids": [
                    Command.create(
                        {
                            "line": row.line,
                            "problem": problem and line_message(self.env, problem),
                            **values,
                        }
                    )
                    for row, values, problem in finder
                ],
            }
        )

    def action_back(self):
        """Choose another file."""
        # The wizard is the user's own; its status is set by its buttons.
        self.sudo().write({"state": "file", "line_ids": [Command.clear()]})
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Targets"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_import(self):
        """Take over all rows as drafts; none where one is wrong.

        The file is judged anew: what was looked at may have changed meanwhile.
        """
        self.action_check()
        if self.bad_count:
            raise UserError(
                self.env._(
                    "%s rows are wrong, so nothing was imported. Correct the file, and "
                    "choose it again.",
                    self.bad_count,
                )
            )
        targets = self.line_ids._take_over()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "distributor_crm.distributor_target_action"
            ),
            "name": self.env._("Imported Targets"),
            "domain": [("id", "in", targets.ids)],
            "context": {"search_default_group_scope": 1},
        }
