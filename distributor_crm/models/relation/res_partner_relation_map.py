# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models

# Bootstrap's colours by attitude; the word stands beside them for who sees none.
COLOURS = {
    "2": "text-bg-success",
    "1": "bg-success bg-opacity-25",
    "0": "bg-secondary bg-opacity-10",
    "-1": "bg-warning bg-opacity-25",
    "-2": "text-bg-danger",
}


class ResPartner(models.Model):
    """The map of a relation: contacts as rows, our people as columns (R228)."""

    _inherit = "res.partner"

    relation_map = fields.Html(
        groups="base.group_user", compute="_compute_relation_map", sanitize=False
    )

    @api.depends("relation_ids.attitude", "relation_ids.strength", "child_ids.function")
    @api.depends_context("lang", "uid")
    def _compute_relation_map(self):
        for partner in self:
            partner.relation_map = (
                partner.is_distributor and partner._origin._draw_relation_map()
            )

    def _draw_relation_map(self):
        """Return the map as a table, or nothing where nobody is known."""
        relations = self.relation_ids
        contacts = self._get_map_contacts() | relations.contact_id
        if not contacts:
            return False
        users = relations.user_id.sorted("name")
        cells = {(one.contact_id, one.user_id): one for one in relations}
        return (
            self.env["ir.qweb"]._render(
                "distributor_crm.relation_map",
                {
                    "partner": self,
                    "contacts": contacts.sorted(lambda one: one._get_role_order()),
                    "users": users,
                    "cells": cells,
                    "colours": COLOURS,
                    "attitudes": dict(
                        relations._fields["attitude"]._description_selection(self.env)
                    ),
                    "strengths": dict(
                        relations._fields["strength"]._description_selection(self.env)
                    ),
                    "roles": dict(
                        self._fields["decision_role"]._description_selection(self.env)
                    ),
                },
            )
            or Markup()
        )

    def _get_map_contacts(self):
        return self.child_ids.filtered(
            lambda child: child.type == "contact" and not child.is_company
        )

    def _get_role_order(self):
        """Return by what contacts are sorted: who decides first, then by name."""
        roles = [role for role, _name in self._fields["decision_role"].selection]
        role = self.decision_role
        place = roles.index(role) if role else len(roles)
        return place, self.name or ""
