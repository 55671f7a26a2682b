# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.uploads import (
    MAX_PICTURES,
    check_address,
    check_number,
)


class DistributorAuthorizationMisuse(models.TransientModel):
    """Opens a case: an authorization was misused, or a shop sells that nobody declared
    (R181, R184)."""

    _name = "distributor.authorization.misuse"
    _description = "Report Misuse"

    kind = fields.Selection(
        selection=[
            ("authorization_misuse", "Misuse of the Authorization"),
            ("undeclared_shop", "Undeclared Shop"),
        ],
        required=True,
        default="authorization_misuse",
    )
    authorization_id = fields.Many2one(comodel_name="distributor.authorization")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    url = fields.Char(string="Web Address", help="Where it was seen.")
    occurred_at = fields.Datetime(
        string="Seen on", required=True, default=fields.Datetime.now
    )
    facts = fields.Text(required=True, help="What was seen; read by the distributor.")
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Screenshots",
        help="Without evidence nobody is punished.",
    )

    @api.depends("authorization_id")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard.authorization_id.partner_id or wizard.partner_id

    def action_report(self):
        """Open the case.

        :raises UserError: the address is none, or is a declared shop's; no evidence
        """
        self.ensure_one()
        if not self.env.user.has_group("distributor_crm.group_account_manager"):
            raise AccessError(self.env._("Only account managers report misuse."))
        if not self.attachment_ids:
            raise UserError(self.env._("Add a screenshot of what was seen."))
        check_number(self.env, len(self.attachment_ids), MAX_PICTURES)
        self.partner_id.check_access("read")
        url = check_address(self.env, self.url) if self.url else ""
        if self.kind == "undeclared_shop":
            self._check_undeclared(url)
        # Findings are made here alone; who may, and whose, was checked.
        finding = (
            self.env["distributor.authorization.finding"]
            .sudo()
            .create(
                {
                    "kind": self.kind,
                    "authorization_id": self.authorization_id.id,
                    "partner_id": self.partner_id.id,
                    "company_id": (
                        self.authorization_id.company_id or self.env.company
                    ).id,
                    "url": url,
                    "facts": self.facts,
                    "occurred_at": self.occurred_at,
                }
            )
        )
        case = finding._open_case(self.attachment_ids)
        return case.with_env(self.env)._get_records_action()

    def _check_undeclared(self, url):
        """Check that nobody declared the shop.

        :raises UserError: names who did
        """
        if not url:
            raise UserError(self.env._("Enter the web address of the shop."))
        Shop = self.env["distributor.declared.shop"]
        # Whether a shop was declared does not depend on whose portfolio it is in.
        declared = Shop.sudo().search(
            [
                ("url_key", "=", Shop._get_url_key(url)),
                ("state", "!=", "rejected"),
                ("company_id", "=", self.env.company.id),
            ],
            limit=1,
        )
        if declared:
            raise UserError(
                self.env._(
                    "%(shop)s is declared, by %(partner)s. Report a misuse if it sells "
                    "what it may not.",
                    shop=declared.name,
                    partner=declared.partner_id.name,
                )
            )
