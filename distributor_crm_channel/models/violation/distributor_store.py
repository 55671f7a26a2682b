# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorStore(models.Model):
    """A store of a held distributor is closed to visitors, at once and until then."""

    _inherit = "distributor.store"

    violation_ids = fields.One2many(
        comodel_name="distributor.violation", inverse_name="store_id"
    )
    violation_count = fields.Integer(string="Cases", compute="_compute_violation_count")

    @api.depends("violation_ids")
    def _compute_violation_count(self):
        counts = dict(
            self.env["distributor.violation"]._read_group(
                [("store_id", "in", self.ids)], ["store_id"], ["__count"]
            )
        )
        for store in self:
            store.violation_count = counts.get(store, 0)

    def action_view_violations(self):
        """Open the cases about these stores."""
        return self.env["distributor.violation"]._get_list_action(
            [("store_id", "in", self.ids)]
        )

    def _is_shown_on(self, website):
        # EXTENDS distributor_crm_channel: one query, for stores that would be shown.
        return super()._is_shown_on(website) and not self.partner_id[
            :1
        ]._get_distributor_holds("store", self.company_id)

    def _check_can_open(self):
        # EXTENDS distributor_crm
        result = super()._check_can_open()
        for company, stores in self.grouped("company_id").items():
            stores.partner_id._check_distributor_holds("store", company)
        return result

    @api.model
    def _from_invite(self, token):
        # EXTENDS distributor_crm: whoever is held invites nobody.
        store = super()._from_invite(token)
        if store and store.partner_id._get_distributor_holds("store", store.company_id):
            return store.browse()
        return store


class Website(models.Model):
    _inherit = "website"

    def _get_store_domain(self):
        # EXTENDS distributor_crm_channel: in the same query, not in one more.
        Penalty = self.env["distributor.violation.penalty"]
        held = Penalty._get_holding_domain("store", self.company_id)
        return [
            *super()._get_store_domain(),
            ("partner_id.distributor_penalty_ids", "not any", held),
        ]
