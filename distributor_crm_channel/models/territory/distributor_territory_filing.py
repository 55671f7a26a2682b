# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import format_date

# What the mail system writes whatever the status.
THREAD = {"message_follower_ids", "activity_ids", "message_main_attachment_id"}


class DistributorTerritoryFiling(models.Model):
    """One distributor has the customer, another the territory: they agree how to share
    the sale before anything is shipped (R147)."""

    _name = "distributor.territory.filing"
    _description = "Cross-territory Filing"
    _inherit = ["distributor.service.document"]

    territory_id = fields.Many2one(
        comodel_name="distributor.territory",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Where the goods go.",
    )
    owner_id = fields.Many2one(
        comodel_name="res.partner",
        string="At Home There",
        compute="_compute_owner_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
        tracking=True,
        help="The distributor whose territory it is. He is asked.",
    )
    customer = fields.Char(
        required=True,
        help="Who buys there. The distributor who is at home there does not see it.",
    )
    city = fields.Char(string="City or County")
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Products",
        ondelete="restrict",
        help="Leave empty for all products.",
    )
    description = fields.Text(help="How the relation came about; both sides read it.")
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(days=90),
    )
    owner_share = fields.Float(
        string="Share of the Sale (%)",
        digits=(16, 2),
        default=5,
        tracking=True,
        help="What the distributor at home there gets, of the sale without tax.",
    )
    counter_share = fields.Float(
        string="Asked For (%)",
        digits=(16, 2),
        readonly=True,
        copy=False,
        tracking=True,
        help="What the distributor at home there wants instead.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("filed", "Waiting for an Answer"),
            ("agreed", "Agreed"),
            ("declined", "Declined"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    filed_at = fields.Datetime(string="Filed On", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Answered On", readonly=True, copy=False)
    decided_by_id = fields.Many2one(
        comodel_name="res.users", string="Answered By", readonly=True, copy=False
    )
    answer = fields.Text(readonly=True, copy=False)

    _share_is_percent = models.Constraint(
        "CHECK(owner_share BETWEEN 0 AND 100)", "A share is 0 to 100 percent."
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)",
        "A filing ends on or after the day it starts. Correct one of the two dates.",
    )
    _two_distributors = models.Constraint(
        "CHECK(owner_id <> partner_id)",
        "This is the distributor's own territory: nothing is to be filed.",
    )

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {
            "counter_share",
            "filed_at",
            "decided_at",
            "decided_by_id",
            "answer",
        }

    @api.depends("territory_id", "categ_id", "partner_id")
    def _compute_owner_id(self):
        for filing in self:
            # Who is at home there does not depend on who files.
            rows = filing.sudo().territory_id.authorization_ids.filtered(
                lambda row: row.state in ("in_force", "expiring")
            )
            rows = rows.filtered(
                lambda row, filing=filing: row._covers(filing.categ_id, None)
            )
            owners = (rows.filtered("exclusive") or rows).partner_id
            owners = owners.commercial_partner_id - filing.partner_id
            if filing.owner_id not in owners:
                filing.owner_id = owners[:1].with_env(self.env)

    @api.constrains("owner_id", "territory_id")
    def _check_owner(self):
        for filing in self.sudo():  # whose territory it is does not depend on who asks
            rows = filing.territory_id.authorization_ids.filtered(
                lambda row: row.state in ("in_force", "expiring")
            )
            if filing.owner_id not in rows.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(owner)s may not sell in %(territory)s today, so there is "
                        "nothing to agree with him.",
                        owner=filing.owner_id.name,
                        territory=filing.territory_id.name,
                    )
                )

    def _fits(self, question):
        """Whether what was agreed covers a question of the territory's judge."""
        self.ensure_one()
        path = question.category.parent_path or ""
        return (
            self.company_id == question.company
            and self.partner_id == question.partner.commercial_partner_id
            and self.date_from <= question.day <= self.date_to
            and path.startswith(self.categ_id.parent_path or "")
            and self.territory_id._contains(question.place) is True
        )

    def write(self, vals):
        # What was offered is what is agreed to.
        if not self.env.su and vals.keys() - THREAD:
            self._check_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filed(self):
        self._check_state("draft", "cancelled")

    # -- filing and answering ----------------------------------------------------------

    def action_file(self):
        """Ask the distributor who is at home there.

        :raises UserError: one is filed already
        """
        self.check_access("write")
        return self._file()

    def _file(self):
        self._lock()
        self._check_state("draft")
        self._set(state="filed", filed_at=fields.Datetime.now())
        for filing in self:
            filing._tell(
                filing.owner_id,
                filing.env._(
                    "%(filer)s wants to sell in %(territory)s until %(date)s and offers "
                    "you %(share)s%% of the sale. Nothing is shipped before you agree. "
                    "Please answer on the portal.",
                    filer=filing.partner_id.name,
                    territory=filing.territory_id.name,
                    date=format_date(filing.env, filing.date_to),
                    share=f"{filing.owner_share:g}",
                ),
            )
        return True

    def action_agree(self):
        """Agree for the distributor who is at home there, as sales manager."""
        self._check_decider()
        return self._answer(True)

    def action_decline(self):
        """Decline for the distributor who is at home there, as sales manager."""
        self._check_decider()
        return self._answer(False)

    def _answer(self, is_agreed, text="", share=None):
        """Take the answer in; whoever calls has checked who gives it.

        :param share: with a refusal, the percentage that would be agreed to
        """
        self._lock()
        self._check_state("filed")
        self._set(
            state="agreed" if is_agreed else "declined",
            decided_at=fields.Datetime.now(),
            decided_by_id=self.env.uid,
            answer=text,
            counter_share=share or 0,
        )
        for filing in self:
            filing._tell(filing.partner_id, filing._describe_answer())
        self._recheck_orders()
        return True

    def _describe_answer(self):
        """Say what was answered; who is at home there stays the company's secret."""
        if self.state == "agreed":
            return self.env._(
                "The distributor at home in %(territory)s agrees: %(share)s%% of the "
                "sale is his.",
                share=f"{self.owner_share:g}",
                territory=self.territory_id.name,
            )
        if self.counter_share:
            return self.env._(
                "The distributor at home in %(territory)s does not agree to %(share)s%%, "
                "but would to %(counter)s%%.",
                territory=self.territory_id.name,
                share=f"{self.owner_share:g}",
                counter=f"{self.counter_share:g}",
            )
        return self.env._(
            "The distributor at home in %s does not agree.", self.territory_id.name
        )

    def action_accept_counter(self):
        """Take the percentage that was asked for, and ask once more.

        :raises UserError: none was asked for
        """
        self.check_access("write")
        return self._accept_counter()

    def _accept_counter(self):
        self._lock()
        self._check_state("declined")
        for filing in self:
            if not filing.counter_share:
                raise UserError(self.env._("No other share was asked for."))
            filing._set(
                owner_share=filing.counter_share, counter_share=0, state="draft"
            )
        return self._file()

    def action_cancel(self):
        """Take filings back; what is agreed holds while orders rest on it."""
        self.check_access("write")
        self._lock()
        self._check_state("draft", "filed", "agreed", "declined")
        for filing in self.sudo():  # orders that one may not read count as well
            if filing.order_ids.filtered(lambda order: order.state == "sale"):
                raise UserError(
                    self.env._(
                        "Orders were confirmed on the strength of %s. It stays.",
                        filing.name,
                    )
                )
        self._set(state="cancelled")
        self._recheck_orders()
        return True

    def _tell(self, partner, text):
        """Tell one of the two sides by mail; the other side's text is not for him."""
        # Who presses the button needs no right on the partner.
        self.sudo().message_notify(
            body=text,
            subject=self.env._("Sale outside the territory: %s", self.name),
            partner_ids=partner.ids,
            author_id=self.env.user.partner_id.id,
        )
        self.sudo().message_post(body=text)

    def _check_credit_user(self):
        if not self.env.user.has_group("distributor_crm.group_finance"):
            raise AccessError(self.env._("Only distributor finance credits shares."))
        self.check_access("read")
