# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

# How a round of approval ends before or after the document is approved; what was
# signed in it no longer counts.
ROUND_ENDS = [
    ("rejected", "Rejected"),
    ("restarted", "Asked Anew"),
    ("withdrawn", "Taken Back"),
    ("cancelled", "Document Cancelled"),
    ("changed", "Document Changed"),
]


class DistributorSignature(models.Model):
    """Who decided on a document, for whom, when, and what the document then said.

    A later change of a signed field voids it; nothing ever deletes or edits it.
    """

    _name = "distributor.signature"
    _inherit = "distributor.document.bound"
    _description = "Signature"
    _order = "id desc"
    _rec_name = "document_name"

    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", required=True, readonly=True
    )
    document_name = fields.Char(string="Document", readonly=True)
    review_id = fields.Many2one(
        comodel_name="tier.review", readonly=True, ondelete="set null", index=True
    )
    step = fields.Char(readonly=True)
    round_number = fields.Integer(string="Round", readonly=True, aggregator=None)
    decision = fields.Selection(
        selection=[("approved", "Approved"), ("rejected", "Rejected")],
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Signed By",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    for_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Signed For",
        readonly=True,
        ondelete="restrict",
        help="Whom he stood in for; empty when he signed for himself.",
    )
    signed_on = fields.Datetime(required=True, readonly=True)
    comment = fields.Char(readonly=True)
    digest = fields.Char(
        required=True,
        readonly=True,
        help="SHA-256 of the signed fields of the document when it was signed.",
    )
    voided_on = fields.Datetime(readonly=True)
    void_reason = fields.Selection(selection=ROUND_ENDS, readonly=True)

    _document_index = models.Index("(res_model, res_id)")

    def _get_own_domain(self):
        return [
            "|",
            ("user_id", "=", self.env.uid),
            ("for_user_id", "=", self.env.uid),
        ]

    @api.model
    def _sign(self, reviews):
        """Keep the decisions just made on reviews, with the digest of each document."""
        documents = {
            (document._name, document.id): document
            for document in reviews._get_documents()
        }
        return self.sudo().create(
            [
                review._prepare_signature_vals(documents[review.model, review.res_id])
                for review in reviews
            ]
        )

    def action_view_document(self):
        """Open the document that was signed.

        :raises UserError: it was deleted; the signature outlives it
        """
        self.ensure_one()
        document = self.res_model in self.env and self.env[self.res_model].browse(
            self.res_id
        )
        if not (document and document.exists()):
            raise UserError(
                self.env._("%(document)s was deleted.", document=self.document_name)
            )
        return document._get_records_action()

    def _void(self, reason):
        """Say that these no longer count, and why; the first reason stays."""
        self.filtered(lambda signature: not signature.voided_on).write(
            {"voided_on": fields.Datetime.now(), "void_reason": reason}
        )
