# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...guard import without_closed

MAX_URL = 300
# Nobody runs more; what floods the list does not come from a distributor.
MAX_WAITING = 50
# Set by the buttons alone, over RPC too.
CLOSED = {
    "state",
    "url_key",
    "authorization_number",
    "decided_by_id",
    "decided_on",
    "reject_reason",
}


class DistributorDeclaredShop(models.Model):
    """A shop elsewhere that a distributor runs and reported; several are fine (R180).

    A shop that is not here is sold through without leave.
    """

    _name = "distributor.declared.shop"
    _description = "Declared Shop"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "partner_id, platform, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
        tracking=True,
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    platform = fields.Selection(
        selection=[
            ("taobao", "Taobao"),
            ("tmall", "Tmall"),
            ("jd", "JD.com"),
            ("pinduoduo", "Pinduoduo"),
            ("douyin", "Douyin"),
            ("wechat", "WeChat"),
            ("own", "Own Website"),
            ("premises", "Premises with a Website"),
            ("other", "Other"),
        ],
        required=True,
        default="taobao",
        tracking=True,
    )
    url = fields.Char(string="Web Address", required=True, tracking=True)
    url_key = fields.Char(
        compute="_compute_url_key",
        store=True,
        precompute=True,
        help="The address without what may differ for the same shop.",
    )
    state = fields.Selection(
        selection=[
            ("declared", "Declared"),
            ("verified", "Verified"),
            ("rejected", "Rejected"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="declared",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    authorization_number = fields.Char(
        readonly=True,
        copy=False,
        tracking=True,
        help="Given when the shop is verified; the shop shows it.",
    )
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    decided_on = fields.Datetime(readonly=True, copy=False)
    reject_reason = fields.Char(
        copy=False, readonly=True, help="Told to the distributor."
    )

    _url_unique = models.UniqueIndex(
        "(company_id, url_key) WHERE state <> 'rejected'",
        "A shop with this web address is declared already.",
    )
    _number_unique = models.UniqueIndex(
        "(company_id, authorization_number) WHERE authorization_number IS NOT NULL"
    )
    _verified_has_number = models.Constraint(
        "CHECK(state <> 'verified' OR authorization_number IS NOT NULL)",
        "A verified shop has an authorization number.",
    )

    @api.depends("url")
    def _compute_url_key(self):
        for shop in self:
            shop.url_key = self._get_url_key(shop.url)

    @api.model
    def _get_url_key(self, url):
        """Return what two addresses of the same shop share; empty if it is none."""
        url = (url or "").strip()
        try:
            parts = urlsplit(url if "://" in url else f"https://{url}")
            host = (parts.hostname or "").removeprefix("www.").rstrip(".")
            port = parts.port
        except ValueError:
            return ""
        if parts.scheme not in ("http", "https") or "." not in host:
            return ""
        if parts.username is not None or any(c.isspace() for c in url):
            return ""
        place = f":{port}" if port not in (None, 80, 443) else ""
        query = f"?{parts.query}" if parts.query else ""
        return f"{host}{place}{parts.path.rstrip('/')}{query}"

    @api.depends("name", "platform")
    def _compute_display_name(self):
        platforms = dict(self._fields["platform"]._description_selection(self.env))
        for shop in self:
            shop.display_name = f"{shop.name} ({platforms.get(shop.platform, '')})"

    @api.constrains("url")
    def _check_url(self):
        for shop in self:
            if not shop.url_key or len(shop.url) > MAX_URL:
                raise ValidationError(
                    self.env._(
                        "%s is not the web address of a shop. Copy it from the browser; "
                        "it starts with http:// or https://.",
                        shop.url[:80],
                    )
                )

    @api.constrains("partner_id")
    def _check_partner(self):
        for shop in self:
            owner = shop.partner_id
            if owner != owner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s: the shop belongs to "
                        "the latter.",
                        contact=owner.name,
                        company=owner.commercial_partner_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        for vals in vals_list:
            if url := (vals.get("url") or "").strip():
                vals["url"] = url if "://" in url else f"https://{url}"
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if CLOSED & vals.keys():
                raise UserError(
                    self.env._("Use the buttons to verify or reject a declared shop.")
                )
            if {"url", "platform", "partner_id", "company_id"} & vals.keys():
                self._check_state("declared")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._check_state("declared")

    def _check_state(self, *states):
        """Refuse what is done to shops in another state.

        :raises UserError: names the shops
        """
        wrong = self.filtered(lambda shop: shop.state not in states)
        if wrong:
            raise UserError(
                self.env._(
                    "%s: it was decided already. Declare the shop anew if it changed.",
                    ", ".join(wrong[:5].mapped("name")),
                )
            )

    # -- decisions -------------------------------------------------------------------

    def action_verify(self):
        """Say that these shops are what was declared; each gets its number (R180).

        :raises UserError: one was verified already
        """
        self.check_access("write")
        self._check_state("declared", "rejected")
        # States are set by buttons alone; the right to write was checked.
        for shop in self.sudo():
            numbers = self.env["ir.sequence"].with_company(shop.company_id).sudo()
            shop._decide(
                state="verified",
                authorization_number=shop.authorization_number
                or numbers.next_by_code("distributor.declared.shop"),
                reject_reason=False,
            )
        return True

    def action_reject(self):
        """Ask for the reason why these shops may not sell."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "res_model": "distributor.declared.shop.reject",
            "name": self.env._("Reject Shops"),
            "view_mode": "form",
            "target": "new",
            "context": {"default_shop_ids": self.ids},
        }

    def _reject(self, reason):
        """Say that goods may not be sold through these shops.

        :param reason: told to the distributor
        """
        self.check_access("write")
        # States are set by buttons alone; the right to write was checked.
        self.sudo()._decide(state="rejected", reject_reason=reason)

    def _decide(self, **values):
        self.write(
            {
                **values,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )

    @api.model
    def _declare(self, partner, company, name, platform, url):
        """Declare a shop for a distributor, on the portal (R180).

        :param partner: the distributor; the other values are what was typed
        :return: the shop, existing already where the same is declared again
        :raises UserError: what was typed is no shop, or another declared it
        """
        name = " ".join((name or "").split())[:100]
        platforms = dict(self._fields["platform"].selection)
        key = self._get_url_key(url) if len(url or "") <= MAX_URL else ""
        if not name or platform not in platforms or not key:
            raise UserError(
                self.env._(
                    "Give the shop's name, its platform and its full web address."
                )
            )
        same = self.search(
            [
                ("company_id", "=", company.id),
                ("url_key", "=", key),
                ("state", "!=", "rejected"),
            ]
        )
        if same and same.partner_id != partner:
            raise UserError(
                self.env._(
                    "This address cannot be declared here. Ask your account manager."
                )
            )
        waiting = [("partner_id", "=", partner.id), ("state", "=", "declared")]
        if not same and self.search_count(waiting, limit=MAX_WAITING) >= MAX_WAITING:
            raise UserError(
                self.env._("Wait until the shops declared so far are checked.")
            )
        return same or self.create(
            {
                "name": name,
                "platform": platform,
                "url": url.strip(),
                "partner_id": partner.id,
                "company_id": company.id,
            }
        )
