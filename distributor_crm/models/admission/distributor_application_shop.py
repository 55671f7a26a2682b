# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...guard import without_closed
from ...identity import normalize_url

CLOSED = {"is_verified", "verified_by_id", "verified_on"}
FACT_FIELDS = {
    "application_id",
    "url",
    "rating_id",
    "positive_rate",
    "followers",
    "monthly_visitors",
    "ownership",
    "category_ids",
    "other_goods",
    "category_share",
}


class DistributorApplicationShop(models.Model):
    """A shop that the applicant runs already (R161, R191–R197)."""

    _name = "distributor.application.shop"
    _description = "Applicant's Shop"
    _order = "application_id, id"

    application_id = fields.Many2one(
        comodel_name="distributor.application",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="application_id.company_id", store=True)
    platform = fields.Selection(
        selection=[
            ("taobao", "Taobao"),
            ("tmall", "Tmall"),
            ("jd", "JD.com"),
            ("pinduoduo", "Pinduoduo"),
            ("douyin", "Douyin"),
            ("wechat", "WeChat shop"),
            ("own", "Own website"),
            ("other", "Other"),
        ],
        required=True,
        default="taobao",
    )
    name = fields.Char(string="Shop", required=True)
    url = fields.Char(string="Web Address", required=True)
    url_normalized = fields.Char(
        compute="_compute_url_normalized", store=True, index="btree_not_null"
    )
    rating_id = fields.Many2one(
        comodel_name="distributor.shop.rating", ondelete="restrict"
    )
    positive_rate = fields.Float(string="Positive Reviews (%)", digits=(16, 2))
    followers = fields.Integer()
    monthly_visitors = fields.Integer(string="Visitors a Month")
    ownership = fields.Selection(
        selection=[
            ("founded", "Founded by themselves"),
            ("bought", "Bought"),
            ("transferred", "Transferred"),
        ],
        string="How They Came by It",
    )
    category_ids = fields.Many2many(
        comodel_name="product.category", string="Main Categories"
    )
    in_category = fields.Selection(
        selection=[("yes", "Yes"), ("no", "No")], compute="_compute_in_category"
    )
    other_goods = fields.Selection(
        selection=[
            ("none", "Only our category"),
            ("related", "Related goods too"),
            ("unrelated", "Unrelated goods too"),
        ],
    )
    other_goods_note = fields.Char(string="Which Other Goods")
    category_share = fields.Float(
        string="Share of Our Category (%)",
        digits=(16, 2),
        help="How much of the shop's sales, and so of its credit, is of our category.",
    )
    is_verified = fields.Boolean(string="Verified", readonly=True, copy=False)
    verified_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    verified_on = fields.Date(readonly=True, copy=False)
    evidence = fields.Char(help="The screenshot that was seen, and what it shows.")

    _url_unique = models.UniqueIndex(
        "(application_id, url_normalized)", "This shop is in the application already."
    )
    _bounds = models.Constraint(
        "CHECK(positive_rate BETWEEN 0 AND 100 AND category_share BETWEEN 0 AND 100 "
        "AND followers >= 0 AND monthly_visitors >= 0)",
        "Shares lie between 0 and 100 %; followers and visitors are not negative.",
    )
    _verified_has_author = models.Constraint(
        "CHECK(NOT is_verified OR (verified_by_id IS NOT NULL AND "
        "verified_on IS NOT NULL))",
        "A verified shop has somebody who verified it.",
    )

    @api.depends("url")
    def _compute_url_normalized(self):
        for shop in self:
            shop.url_normalized = normalize_url(shop.url)

    @api.depends("category_ids", "application_id.campaign_id.category_ids")
    def _compute_in_category(self):
        for shop in self:
            # Categories are no secret; the applicant and his reviewer read them alike.
            ours = shop.application_id.sudo().campaign_id.category_ids
            theirs = shop.sudo().category_ids
            if not theirs:
                shop.in_category = "no" if shop.other_goods == "unrelated" else False
                continue
            paths = tuple(ours.mapped("parent_path"))
            # A campaign without categories is for all of them.
            is_ours = not paths or any(c.parent_path.startswith(paths) for c in theirs)
            shop.in_category = "yes" if is_ours else "no"

    @api.constrains("url")
    def _check_url(self):
        for shop in self:
            if not shop.url_normalized:
                raise ValidationError(
                    self.env._(
                        "%s is no web address. Copy it from the address bar of the "
                        "browser.",
                        shop.url,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        shops = super().create(vals_list)
        shops._check_open()
        shops.application_id._screen()
        return shops

    def write(self, vals):
        if CLOSED & vals.keys() and not self.env.su:
            raise UserError(self.env._("Use the button to verify a shop."))
        self._check_open()
        result = super().write(vals)
        if FACT_FIELDS & vals.keys():
            if not CLOSED & vals.keys():
                # What was verified was something else.
                self.sudo().filtered("is_verified").write(
                    {
                        "is_verified": False,
                        "verified_by_id": False,
                        "verified_on": False,
                    }
                )
            self.application_id._screen()
        return result

    def unlink(self):
        self._check_open()
        applications = self.application_id
        result = super().unlink()
        applications.exists()._screen()
        return result

    def _check_open(self):
        """Refuse changes once the facts were verified."""
        if not self.env.su or self.application_id.filtered("verified_on"):
            self.application_id._check_state("draft", "submitted", "waiting")

    def action_verify(self):
        """State that these shops were looked at and are the applicant's.

        :raises UserError: the user introduced the applicant
        """
        self.application_id._check_reviewer()
        if self.env.user in self.application_id.introducer_id:
            raise UserError(
                self.env._(
                    "Who introduced an applicant does not verify him. Ask another "
                    "reviewer."
                )
            )
        self._check_open()
        # Who verifies is not chosen: it is who presses the button.
        self.sudo().write(
            {
                "is_verified": True,
                "verified_by_id": self.env.uid,
                "verified_on": fields.Date.context_today(self),
            }
        )
        self.application_id._screen()
