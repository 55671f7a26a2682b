# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class DistributorEvaluationTemplatePart(models.AbstractModel):
    """What a template consists of, and what is frozen with it."""

    _name = "distributor.evaluation.template.part"
    _description = "Part of an Evaluation Template"

    def _get_template(self):
        """Return the templates that these belong to."""
        return self.template_id

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._get_template()._check_draft()
        return parts

    def write(self, vals):
        self._get_template()._check_draft()
        result = super().write(vals)
        self._get_template()._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._get_template()._check_draft()
