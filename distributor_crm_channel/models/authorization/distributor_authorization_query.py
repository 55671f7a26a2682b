# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from ipaddress import ip_address, ip_network

from odoo import api, fields, models


class DistributorAuthorizationQuery(models.Model):
    """What the public asked of authorizations: many questions about one shop tell of
    doubts about it (R182). Who asked is not kept.
    """

    _name = "distributor.authorization.query"
    _description = "Public Query"
    _order = "id desc"
    _rec_name = "result"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    kind = fields.Selection(
        selection=[("code", "Code or Number"), ("name", "Shop Name")],
        required=True,
        readonly=True,
    )
    authorization_id = fields.Many2one(
        comodel_name="distributor.authorization",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        related="authorization_id.partner_id", string="Distributor", store=True
    )
    result = fields.Selection(
        selection=[
            ("valid", "Valid"),
            ("expired", "Expired"),
            ("withdrawn", "Withdrawn"),
            ("similar", "Similar Name"),
            ("unknown", "Unknown"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    asked_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, index=True
    )

    @api.model
    def _may_ask(self, company, address):
        """Count a question of an address; return whether it gets an answer.

        An attacker owns a whole IPv6 network as easily as one address of it.
        """
        limit = self.env["distributor.authorization.policy"]._find(company).ip_limit
        try:
            source = ip_address(address or "")
        except ValueError:
            source = "?"
        else:
            if source.version == 6:
                source = source.ipv4_mapped or ip_network(f"{source}/64", strict=False)
        # Visitors hold no right on the counters.
        attempts = self.env["distributor.admission.attempt"].sudo()
        return attempts._count(f"authorization-{company.id}", str(source), 1) <= limit

    @api.model
    def _note(self, company, kind, result, authorization=None):
        """Keep a question and its answer; whoever asks is not kept."""
        # Visitors hold no right on what is noted.
        return self.sudo().create(
            {
                "company_id": company.id,
                "kind": kind,
                "result": result,
                "authorization_id": authorization.id if authorization else False,
            }
        )

    @api.autovacuum
    def _gc_queries(self):
        policies = self.env["distributor.authorization.policy"].search(
            [("keep_days", ">", 0)]
        )
        now = fields.Datetime.now()
        for policy in policies:
            limit = fields.Datetime.subtract(now, days=policy.keep_days)
            self.search(
                [
                    ("company_id", "=", policy.company_id.id),
                    ("asked_at", "<", limit),
                ],
                limit=10000,
            ).unlink()


class DistributorAuthorization(models.Model):
    _inherit = "distributor.authorization"

    query_count = fields.Integer(compute="_compute_query_count")

    def _compute_query_count(self):
        counts = dict(
            self.env["distributor.authorization.query"]
            .sudo()  # how often was asked is no secret to who sees the authorization
            ._read_group(
                [("authorization_id", "in", self.ids)],
                ["authorization_id"],
                ["__count"],
            )
        )
        for record in self:
            record.query_count = counts.get(record.sudo(), 0)

    def action_view_queries(self):
        """Open what the public asked of these authorizations."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_authorization_query_action"
        )
        domain = [("authorization_id", "in", self.ids)]
        return {**action, "domain": domain, "context": {}}
