# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class DistributorEvaluationTemplatePart(models.AbstractModel):
    """What a template consists of, and what is frozen with it."""

    _name = "distributor.evaluation.template.part"
    _description = "Part of an Evaluation Template"
    _inherit = ["distributor.version.part"]

    def _get_template(self):
        """Return the templates that these belong to."""
        return self.template_id

    def _check_version(self):
        # OVERRIDES distributor_crm: published is frozen, used or not
        self._get_template()._check_draft()

    def write(self, vals):
        # EXTENDS distributor_crm: it is not moved into a published one either
        result = super().write(vals)
        self._check_version()
        return result
