# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import AccessError


class DistributorClosedRows(models.AbstractModel):
    """Rows that our own code makes, changes and deletes: nobody does by himself, over
    RPC neither.

    A model says in `_say_closed` why; what it lets people enter all the same it names in
    `_get_open_names`, and guards itself.
    """

    _name = "distributor.closed.rows"
    _description = "Rows Written by Code Alone"

    @api.model
    def _get_open_names(self):
        """Return the names of the fields that people write."""
        return set()

    def _say_closed(self):
        """Return what a user who tries is told."""
        raise NotImplementedError

    def _check_ours(self):
        """:raises AccessError: a user, and not our code, is at work"""
        if not self.env.su:
            raise AccessError(self._say_closed())

    @api.model_create_multi
    def create(self, vals_list):
        self._check_ours()
        return super().create(vals_list)

    def write(self, vals):
        open_names = self._get_open_names()
        if not open_names or vals.keys() - open_names:
            self._check_ours()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_code_alone(self):
        self._check_ours()
