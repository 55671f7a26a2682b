# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorAuthorizationFinding(models.Model):
    """What was found against an authorization: the record that its case rests on."""

    _name = "distributor.authorization.finding"
    _description = "Finding"
    _inherit = ["distributor.evidence.mixin"]
    _order = "occurred_at desc, id desc"
    _rec_name = "kind"
    _check_company_auto = True

    kind = fields.Selection(
        selection=[
            ("authorization_misuse", "Misuse of the Authorization"),
            ("undeclared_shop", "Undeclared Shop"),
        ],
        required=True,
        readonly=True,
    )
    authorization_id = fields.Many2one(
        comodel_name="distributor.authorization",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    url = fields.Char(string="Web Address", readonly=True)
    facts = fields.Text(required=True, readonly=True)
    occurred_at = fields.Datetime(string="Seen on", required=True, readonly=True)

    def _open_case(self, attachments):
        """Keep the evidence and open the case.

        :return: the case
        """
        self.ensure_one()
        files = [(file.name, file.raw or b"") for file in attachments]
        evidence = self._keep_evidence(files, {"kind": "screenshot"})
        where = f" {self.url}" if self.url else ""
        return self.env["distributor.violation"]._report(
            [
                {
                    "policy": self.kind,
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "occurred_at": self.occurred_at,
                    "source": self,
                    "facts": self.facts + where,
                    "severity": 0.0,
                    "store_id": self.authorization_id.store_id.id,
                    "evidence_ids": evidence.ids,
                }
            ]
        )
