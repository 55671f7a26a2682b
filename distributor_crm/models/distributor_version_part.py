# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class DistributorVersionPart(models.AbstractModel):
    """What a version of rules consists of, and what is frozen with it."""

    _name = "distributor.version.part"
    _description = "Part of a Version of Rules"

    def _get_version(self):
        """Return the versions that these belong to."""
        raise NotImplementedError

    def _check_version(self):
        """Refuse to change what was judged by."""
        self._get_version()._check_unused()

    @api.model
    def _get_free_names(self):
        """Return the names of the fields that may change all the same."""
        return set()

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._check_version()
        return parts

    def write(self, vals):
        free = self._get_free_names()
        if not free or vals.keys() - free:
            self._check_version()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_version()
