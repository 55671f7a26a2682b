# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from odoo.addons.distributor_crm.guard import find_other_states, without_closed
from odoo.addons.distributor_crm.uploads import check_address

from ...similarity import text_likeness
from .distributor_authorization_policy_duty import DUTIES

# Set by the buttons and the portal alone, over RPC too.
CLOSED = {
    "state",
    "authorization_id",
    "kind",
    "listing_task_id",
    "url",
    "title",
    "description",
    "shown_count",
    "likeness",
    "proved_at",
    "warned_on",
    "asked_on",
    "checked_by_id",
    "reject_reason",
}
OPEN = ("open", "overdue")
MAX_TITLE, MAX_TEXT = 200, 4000


class DistributorAuthorizationDuty(models.Model):
    """What a shop does after it was authorized, until when, and the proof of it
    (R176-R181)."""

    _name = "distributor.authorization.duty"
    _description = "Duty of an Authorized Shop"
    _inherit = ["mail.thread", "mail.activity.mixin", "distributor.evidence.mixin"]
    _order = "due, id"
    _rec_names_search = ["authorization_id"]
    _check_company_auto = True

    authorization_id = fields.Many2one(
        comodel_name="distributor.authorization",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        related="authorization_id.partner_id",
        string="Distributor",
        store=True,
        precompute=True,
        index=True,
    )
    company_id = fields.Many2one(
        related="authorization_id.company_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(related="authorization_id.user_id", string="In Charge")
    kind = fields.Selection(selection=DUTIES, required=True, readonly=True, index=True)
    due = fields.Date(
        string="Until", required=True, index=True, tracking=True, copy=False
    )
    listing_task_id = fields.Many2one(
        comodel_name="distributor.listing.task",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The task of the promotion kit that does for this duty.",
    )
    url = fields.Char(string="Web Address", readonly=True, copy=False)
    title = fields.Char(
        readonly=True, copy=False, help="The title that the shop gave the product."
    )
    description = fields.Text(readonly=True, copy=False)
    shown_count = fields.Integer(
        string="Recommended",
        readonly=True,
        copy=False,
        help="Our products among the main recommendations, as the distributor says.",
    )
    likeness = fields.Float(
        string="Like Our Text",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="How much the shop's text is like the one we gave: 1 is the same.",
    )
    asked_on = fields.Date(readonly=True, copy=False)
    warned_on = fields.Date(readonly=True, copy=False)
    proved_at = fields.Datetime(string="Proof of", readonly=True, copy=False)
    checked_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    reject_reason = fields.Char(readonly=True, copy=False)
    state = fields.Selection(
        selection=[
            ("open", "Proof Awaited"),
            ("proved", "To Check"),
            ("done", "Fulfilled"),
            ("overdue", "Overdue"),
            ("breach", "Breached"),
            ("closed", "Closed"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )

    _open_once = models.UniqueIndex(
        "(authorization_id, kind) WHERE state IN ('open', 'proved', 'overdue')",
        "The shop has this duty already.",
    )
    _due_idx = models.Index("(state, due)")

    @api.depends("kind", "authorization_id.display_name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for duty in self:
            label = duty.authorization_id._get_label() if duty.authorization_id else ""
            duty.display_name = f"{kinds.get(duty.kind, '')}: {label}"

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        return super().create(vals_list)

    def write(self, vals):
        if CLOSED & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("The status is changed with the buttons of the form.")
            )
        return super().write(vals)

    def _shows_evidence_to(self, partner):
        # EXTENDS distributor_crm: a distributor sees what was sent for his own duties.
        return partner.commercial_partner_id == self.sudo().partner_id

    def _set(self, **values):
        """Write what is closed to users; whoever calls has checked who may."""
        return self.sudo().write(values)

    def _check_state(self, *states):
        """Refuse what is done to duties in another status.

        :raises UserError: names the duties, and the status it is for
        """
        if wrong := find_other_states(self, states):
            raise UserError(
                self.env._(
                    "%(records)s: this is done in status %(states)s only.", **wrong
                )
            )

    def _get_terms(self):
        """Return the line of the policy that this duty came with; empty where it was
        taken out."""
        self.ensure_one()
        policy = self.env["distributor.authorization.policy"]._find(self.company_id)
        return policy.duty_ids.filtered(lambda line: line.kind == self.kind)[:1]

    # -- proof -----------------------------------------------------------------------

    def _prove(self, values, uploads):
        """Keep the proof that a distributor sends on the portal.

        Called with full rights by the portal, which checked whose duty it is.

        :param values: what was typed, untrusted: url, title, description, count
        :param uploads: name and bytes of each picture of the form, untrusted
        :raises UserError: something is missing, or the duty is over
        """
        self.ensure_one()
        self._check_state("open", "overdue", "proved")
        env = self.env
        kept = {"proved_at": fields.Datetime.now(), "reject_reason": False}
        if self.kind == "declared_shops":
            if values.get("confirmed") != "1":
                raise UserError(
                    env._("Confirm that every shop you run is on the list.")
                )
        else:
            kept["url"] = check_address(env, values.get("url"))
        if self.kind in ("listing", "recommendation") and not uploads:
            raise UserError(env._("Add a screenshot that shows the page."))
        if self.kind == "own_words":
            kept |= self._read_own_words(values)
        if self.kind == "recommendation":
            kept["shown_count"] = self._read_count(values)
        self._set(**kept, state="proved")
        if uploads:
            self._keep_evidence(
                uploads,
                {
                    "partner_id": self.partner_id.id,
                    "performer": "partner",
                    "kind": "screenshot",
                },
            )
        self._judge()

    def _read_own_words(self, values):
        """Return title and description that were typed, with their likeness to ours."""
        title = " ".join((values.get("title") or "").split())[:MAX_TITLE]
        text = (values.get("description") or "").strip()[:MAX_TEXT]
        if not title or not text:
            raise UserError(
                self.env._("Copy the title and the description from your shop's page.")
            )
        return {
            "title": title,
            "description": text,
            "likeness": self._measure_likeness(title, text),
        }

    def _read_count(self, values):
        """Return the number of recommended products that was typed."""
        typed = (values.get("count") or "").strip()
        number = int(typed) if typed.isascii() and typed.isdigit() else 0
        least = self._get_terms().minimum or 1
        if not least <= number <= 999:
            raise UserError(
                self.env._(
                    "At least %s of our products stands among the main recommendations. "
                    "Say how many do.",
                    least,
                )
            )
        return number

    def _measure_likeness(self, title, text):
        """Return how much a title and a description are like ours, the higher of the
        two (R176): a shop that changed the title alone changed half of it."""
        ours = self._get_given_texts()
        titles = [text_likeness(title, name) for name, _text in ours]
        texts = [text_likeness(text, given) for _name, given in ours if given]
        return round(max((*titles, *texts), default=0.0), 4)

    def _get_given_texts(self):
        """Return names and texts of the products and kits that we gave out."""
        authorization = self.authorization_id
        domain = [("sale_ok", "=", True)]
        if authorization.brand_id:
            domain.append(("distributor_brand_id", "=", authorization.brand_id.id))
        if authorization.categ_id:
            domain.append(("categ_id", "child_of", authorization.categ_id.ids))
        env = self.with_context(lang=self.partner_id.lang or self.env.lang).env
        products = env["product.template"].search(domain, limit=200)
        kit = self.listing_task_id.with_env(env).kit_id
        texts = [
            (product.name, html2plaintext(product.description_sale or ""))
            for product in products
        ]
        return texts + [(k.name, html2plaintext(k.text or "")) for k in kit]

    def _judge(self):
        """Do what can be judged by itself: a text that is ours goes back at once."""
        self.ensure_one()
        threshold = self._get_terms().threshold or 1.0
        if self.kind == "own_words" and self.likeness >= threshold:
            self._send_back(
                self.env._(
                    "The text is ours to %s %%. Write title and description in your "
                    "own words.",
                    f"{self.likeness * 100:.0f}",
                )
            )
        elif self.user_id:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Look at the proof"),
                user_id=self.user_id.id,
            )

    # -- decisions -------------------------------------------------------------------

    def action_accept(self):
        """Accept proofs: the duty is fulfilled, until the policy asks again."""
        self.check_access("write")
        self._check_state("proved")
        self._set(state="done", checked_by_id=self.env.uid)
        self.sudo().activity_unlink(
            ["mail.mail_activity_data_todo", "mail.mail_activity_data_warning"]
        )
        return True

    def action_send_back(self):
        """Send proofs back: the page does not show it."""
        self.check_access("write")
        self._check_state("proved")
        for duty in self:
            duty._send_back(
                duty.env._("The page did not show what we ask for. Look again.")
            )
        self._set(checked_by_id=self.env.uid)
        return True

    def _send_back(self, reason):
        today = fields.Date.context_today(self)
        self._set(
            state="open" if self.due >= today else "overdue", reject_reason=reason
        )
        self._tell_partner(reason)

    def action_waive(self):
        """Close duties that a sales manager does not insist on."""
        self.authorization_id._check_decider()
        self._check_state("open", "proved", "overdue")
        self._set(state="closed", checked_by_id=self.env.uid)
        self.sudo().activity_unlink(
            ["mail.mail_activity_data_todo", "mail.mail_activity_data_warning"]
        )
        return True

    def action_extend(self):
        """Give open duties the policy's days again, from today."""
        self.authorization_id._check_decider()
        self._check_state(*OPEN)
        today = fields.Date.context_today(self)
        for duty in self:
            days = duty._get_terms().days or 5
            duty._set(
                state="open",
                due=max(duty.due, today + timedelta(days=days)),
                warned_on=False,
            )
        return True

    def _close_withdrawn(self):
        """End what nobody has to do any more."""
        self.filtered(lambda d: d.state in ("open", "proved", "overdue"))._set(
            state="closed"
        )

    def _tell_partner(self, text):
        """Tell the distributor something, by mail and in the chatter."""
        for duty in self:
            # The distributor gets the mail; who pressed the button needs no right on him.
            record = duty.sudo()
            record.message_post(
                body=text,
                subject=record.display_name,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=record.partner_id.ids,
                author_id=self.env.user.partner_id.id,
            )
