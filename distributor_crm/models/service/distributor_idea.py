# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What other distributors see, and what they may still vote on.
PUBLIC = ("published", "review", "adopted", "launched")
VOTING = ("published", "review")
TOLD = ("adopted", "declined", "launched")


class DistributorIdea(models.Model):
    """A product that a distributor recommends; other distributors vote, adopted ones are
    designed, produced and rewarded (R215)."""

    _name = "distributor.idea"
    _description = "Product Idea"
    _inherit = ["distributor.service.document", "image.mixin"]

    title = fields.Char(required=True, tracking=True)
    description = fields.Text(required=True)
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Product Category", index=True
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner", domain="[('id', 'child_of', partner_id)]"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    expected_price = fields.Monetary(
        string="Expected Retail Price", help="What shoppers would pay for one."
    )
    expected_quantity = fields.Float(
        string="Expected per Month",
        digits="Product Unit",
        help="How many the distributor believes that he would sell in a month.",
    )
    is_name_shown = fields.Boolean(
        string="Show the Name",
        help="The distributor allows that others read who had the idea.",
    )
    vote_ids = fields.One2many(
        comodel_name="distributor.idea.vote", inverse_name="idea_id", readonly=True
    )
    vote_count = fields.Integer(
        string="Votes", compute="_compute_vote_count", store=True
    )
    state = fields.Selection(
        selection=[
            ("new", "New"),
            ("published", "Published"),
            ("review", "Under Review"),
            ("adopted", "Adopted"),
            ("launched", "Launched"),
            ("declined", "Declined"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="new",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    refusal = fields.Text(string="Reason of the Decision", copy=False)
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Decided On", readonly=True, copy=False)
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Product",
        copy=False,
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="What became of the idea.",
    )
    gift_ids = fields.One2many(
        comodel_name="distributor.gift", inverse_name="idea_id", string="Reward"
    )
    gift_count = fields.Integer(compute="_compute_gift_count")

    _expectations_not_negative = models.Constraint(
        "CHECK(expected_price >= 0 AND expected_quantity >= 0)",
        "Price and quantity that are expected are not below zero.",
    )
    _launched_has_product = models.Constraint(
        "CHECK(state <> 'launched' OR product_tmpl_id IS NOT NULL)",
        "A launched idea names the product that became of it.",
    )

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {
            "decided_by_id",
            "decided_at",
            "vote_ids",
            "vote_count",
        }

    @api.depends("vote_ids")
    def _compute_vote_count(self):
        """Stored on the idea, so that lists sort by it."""
        counts = dict(
            self.env["distributor.idea.vote"]._read_group(
                [("idea_id", "in", self.ids)], ["idea_id"], ["__count"]
            )
        )
        for idea in self:
            idea.vote_count = counts.get(idea, 0)

    def _compute_gift_count(self):
        counts = dict(
            self.env["distributor.gift"]._read_group(
                [("idea_id", "in", self.ids)], ["idea_id"], ["__count"]
            )
        )
        for idea in self:
            idea.gift_count = counts.get(idea, 0)

    @api.depends("title", "name")
    def _compute_display_name(self):
        for idea in self:
            saved = idea.id and f"{idea.name}: {idea.title}"
            idea.display_name = saved or idea.title

    @api.model_create_multi
    def create(self, vals_list):
        ideas = super().create(vals_list)
        for idea in ideas.filtered("account_manager_id"):
            idea.sudo().activity_schedule(  # it may come from the portal
                "mail.mail_activity_data_todo",
                summary=self.env._("Read the idea, and publish it to the others"),
                user_id=idea.account_manager_id.id,
            )
        return ideas

    def write(self, vals):
        if not self.env.su and {"partner_id", "company_id"} & vals.keys():
            self._check_state("new")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_public(self):
        self._check_state("new", "declined")

    def _get_contacts(self):
        return self.contact_id or self.partner_id

    # -- what other distributors see ---------------------------------------------------

    @api.model
    def _get_public_domain(self, partner, company):
        """Return the ideas that a distributor sees: his own, and what is published.

        :param company: the company that serves him
        """
        others = Domain("state", "in", PUBLIC) & Domain("company_id", "=", company.id)
        return Domain("partner_id", "=", partner.id) | others

    def _vote(self, partner):
        """Count the vote of a distributor; taken back when he votes again.

        :raises UserError: it is his own idea, or decided already
        """
        self.ensure_one()
        if self.partner_id == partner:
            raise UserError(self.env._("This is your own idea. Others vote for it."))
        if self.state not in VOTING:
            raise UserError(
                self.env._("This idea is decided. Vote for one that is still open.")
            )
        mine = self.vote_ids.filtered(lambda vote: vote.partner_id == partner)
        if mine:
            mine.sudo().unlink()  # closed to users
        else:
            # Votes are closed to users; that he may vote was checked.
            mine.sudo().create({"idea_id": self.id, "partner_id": partner.id})

    # -- decisions ---------------------------------------------------------------------

    def action_publish(self):
        """Show ideas to the other distributors, who vote."""
        self.check_access("write")
        self._check_state("new")
        self._set(state="published")
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_review(self):
        """Have the product department look at ideas; votes go on."""
        self.check_access("write")
        self._check_state("new", "published")
        self._set(state="review")
        return True

    def action_adopt(self):
        """Have the product designed and produced; the distributor is told."""
        self._decide("adopted", "published", "review")
        return True

    def action_decline(self):
        """Decline ideas; the reason is told.

        :raises UserError: no reason is given
        """
        for idea in self:
            if not (idea.refusal or "").strip():
                raise UserError(self.env._("Enter the reason of the decision first."))
        self._decide("declined", "new", "published", "review")
        return True

    def action_launch(self):
        """Note that the product is on sale.

        :raises UserError: no product is named
        """
        for idea in self:
            if not idea.product_tmpl_id:
                raise UserError(
                    self.env._("Choose the product that became of the idea first.")
                )
        self._decide("launched", "adopted")
        return True

    def _decide(self, state, *before):
        self._check_decider()
        self._lock()
        self._check_state(*before)
        self._set(
            state=state, decided_by_id=self.env.uid, decided_at=fields.Datetime.now()
        )
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        for idea in self:
            idea._tell_partner(idea._get_decision_text())

    def _get_decision_text(self):
        """Return what the distributor is told of the decision."""
        self.ensure_one()
        texts = {
            "adopted": self.env._(
                "Your idea %s is adopted. We design and produce it.", self.title
            ),
            "declined": self.env._(
                "We do not take up your idea %(idea)s: %(reason)s",
                idea=self.title,
                reason=self.refusal or "",
            ),
            "launched": self.env._(
                "Your idea %(idea)s is on sale now, as %(product)s.",
                idea=self.title,
                product=self.sudo().product_tmpl_id.display_name,
            ),
        }
        return texts[self.state]

    # -- reward ------------------------------------------------------------------------

    def action_reward(self):
        """Open a new gift for the distributor whose idea was adopted, or the one that
        there is."""
        self.ensure_one()
        self.check_access("write")
        self._check_state("adopted", "launched")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_gift_action"
        )
        gift = self.gift_ids.filtered(lambda gift: gift.state != "refused")[:1]
        return {
            **action,
            "views": [(False, "form")],
            "res_id": gift.id,
            "context": {
                "default_idea_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_reason": self.env._("Adopted product idea: %s", self.title),
            },
        }

    def action_view_gifts(self):
        """Open the gifts that reward these ideas."""
        return self.env["distributor.gift"]._get_list_action(
            [("idea_id", "in", self.ids)]
        )
