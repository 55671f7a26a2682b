# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorEvidenceMixin(models.AbstractModel):
    """A record that photos prove.

    Put `<field name="evidence_ids" widget="distributor_evidence"/>` on its form.
    """

    _name = "distributor.evidence.mixin"
    _description = "Record With Evidence"

    evidence_ids = fields.One2many(
        comodel_name="distributor.evidence",
        inverse_name="res_id",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
        copy=False,
    )
    evidence_count = fields.Integer(compute="_compute_evidence_count")
    evidence_flagged_count = fields.Integer(compute="_compute_evidence_count")

    def _compute_evidence_count(self):
        groups = (
            self.env["distributor.evidence"]
            .sudo()  # counted for whoever reads the records
            ._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id", "is_flagged"],
                ["__count"],
            )
        )
        for record in self:
            mine = [group for group in groups if group[0] == record.id]
            record.evidence_count = sum(count for _id, _flagged, count in mine)
            record.evidence_flagged_count = sum(
                count for _id, is_flagged, count in mine if is_flagged
            )

    # -- to override -------------------------------------------------------------------

    def _get_evidence_place(self):
        """Return where and when photos of this record must have been taken.

        :return: dict, all of it optional: `latitude`, `longitude` (degrees),
            `accuracy` (metres), `since`, `until` (naive UTC). Called with full rights.
        """
        self.ensure_one()
        return {}

    def _get_evidence_company(self):
        """Return the company whose photos this record's are compared with."""
        self.ensure_one()
        company = "company_id" in self._fields and self.sudo().company_id
        return company or self.env.company

    def _check_evidence_wanted(self):
        """Refuse photos that come too late or from the wrong person.

        Whoever may write the record is let through here.

        :raises UserError: says why
        """

    def _shows_evidence_to(self, partner):
        """Whether this partner sees on the portal also what others sent for it."""
        return False

    def _get_records_needing_evidence(self):
        """Return those whose originals stay although their time is over."""
        return self.browse()

    # ----------------------------------------------------------------------------------

    def _get_counting_evidence(self):
        """Return the pictures that count: neither rejected nor used before."""
        # The form asks for a number of photos; who looks at them is another matter.
        return self.sudo().evidence_ids.filtered(lambda one: one._counts())

    def _keep_evidence(self, files, facts=None):
        """Keep pictures as evidence of this record; see `distributor.evidence`."""
        return self.env["distributor.evidence"]._keep(self, files, facts)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proven(self):
        if proven := self.filtered("evidence_count")[:1]:
            raise UserError(
                self.env._(
                    "There is evidence of %s. Cancel it instead of deleting it.",
                    proven.display_name,
                )
            )

    def action_view_evidence(self):
        """Open the evidence of these records."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_evidence_action"
        )
        return {
            **action,
            "domain": [("res_model", "=", self._name), ("res_id", "in", self.ids)],
            "context": {},
        }
