# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# All that a user may say about a piece of evidence.
OPEN = {"review_note"}


class DistributorEvidence(models.Model):
    """Who sees a photo: whoever sees what it proves. Nobody writes it."""

    _inherit = "distributor.evidence"

    @api.model
    def _get_proven_models(self):
        """Return the names of the models whose records have evidence."""
        names = self.pool.descendants(["distributor.evidence.mixin"], "_inherit")
        return [name for name in names if not self.env[name]._abstract]

    def _get_readable_domain(self):
        """Return the domain of the evidence of records that the user may read.

        One subquery a model, so that the database filters, counts and pages.
        """
        parts = []
        for name in self._get_proven_models():
            records = self.env[name].with_context(active_test=False)
            if records.has_access("read"):
                readable = records._search(Domain.TRUE)
                parts.append(
                    Domain("res_model", "=", name) & Domain("res_id", "in", readable)
                )
        return Domain.OR(parts)

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._get_readable_domain()
        return super()._search(
            domain,
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        forbidden = result[0] if result else self.browse()
        if hidden := (self - forbidden)._filter_hidden():
            return forbidden | hidden, lambda: self._get_hidden_error()
        return result

    def _filter_hidden(self):
        """Return those whose record the user may not read."""
        hidden = self.browse()
        # What they prove decides, and is read without asking who asks.
        for name, group in self.sudo().grouped("res_model").items():
            group = group.sudo(False)
            if name not in self.env:
                hidden |= group
                continue
            proven = self.env[name].browse(group.sudo().mapped("res_id"))
            seen = set(proven.exists()._filtered_access("read").ids)
            hidden |= group.filtered(
                lambda one, seen=seen: one.sudo().res_id not in seen
            )
        return hidden

    def _get_hidden_error(self):
        return AccessError(
            self.env._("You see the evidence of the records that you may read only.")
        )

    def write(self, vals):
        if not self.env.su and vals.keys() - OPEN:
            raise AccessError(self.env._("Evidence stays as it was received."))
        return super().write(vals)
