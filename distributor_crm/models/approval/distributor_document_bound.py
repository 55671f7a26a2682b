# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import AccessError


class DistributorDocumentBound(models.AbstractModel):
    """Records about a document: read by who may read it, written by code alone.

    Access rights and record rules cannot say this, and the rights of an OCA module
    come back with its updates; so it stands in code.
    """

    _name = "distributor.document.bound"
    _description = "Record About a Document"

    # Names of the fields that hold the document's model and id.
    _document_model_field = "res_model"
    _document_id_field = "res_id"

    def _get_own_domain(self):
        """Return the domain of what this user reads whatever the document."""
        return [(0, "=", 1)]

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or (result and result[0] == self):
            return result
        if operation != "read" or not self.env.user._is_internal():
            return self, self._make_closed_error
        if not self.ids:
            return result
        allowed = self - result[0] if result else self
        hidden = allowed - allowed._filter_by_document()
        if not hidden:
            return result
        return (hidden + result[0] if result else hidden), self._make_hidden_error

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
        if self.env.su or bypass_access:
            return super()._search(
                domain,
                offset,
                limit,
                order,
                active_test=active_test,
                bypass_access=bypass_access,
            )
        found = super()._search(domain, order=order, active_test=active_test)
        # Cut the page after filtering: a page of what is hidden would look empty.
        readable = self.browse(found)._filter_by_document()
        end = offset + limit if limit else None
        return readable[offset:end]._as_query(bool(order) or bool(self._order))

    def _filter_by_document(self):
        """Return those of these records whose document this user may read."""
        records = self.sudo().with_context(active_test=False)
        own = set(records.filtered_domain(self._get_own_domain())._ids)
        readable = {
            model: set(self._get_readable_ids(model, group))
            for model, group in records.grouped(self._document_model_field).items()
        }
        return self.browse(
            record.id
            for record in records
            if record.id in own
            or record[self._document_id_field]
            in readable[record[self._document_model_field]]
        )

    def _get_readable_ids(self, model, records):
        if model not in self.env:
            return ()
        documents = self.env[model].browse(records.mapped(self._document_id_field))
        return documents.exists()._filtered_access("read")._ids

    def _make_closed_error(self):
        return AccessError(
            self.env._(
                "Approvals are recorded by the buttons of the document alone; nobody "
                "writes, deletes or reassigns them by hand."
            )
        )

    def _make_hidden_error(self):
        return AccessError(
            self.env._("You may not read the document that this approval is about.")
        )
