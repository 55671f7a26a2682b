# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize

from ...growth.duplicates import normalize_name, pairs
from ...identity import PHONE_SIGNS, normalize_number, normalize_url

KINDS = [
    ("name", "Name"),
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("number", "Tax or Licence Number"),
    ("address", "Address"),
    ("url", "Shop or Website"),
    ("bank", "Bank Account"),
]


class DistributorDuplicateMark(models.Model):
    """What tells distributors apart, and how much it counts when two share it."""

    _name = "distributor.duplicate.mark"
    _description = "Mark of Duplicates"
    _order = "weight desc, id"
    _rec_name = "kind"

    kind = fields.Selection(selection=KINDS, required=True)
    weight = fields.Integer(
        required=True, help="What it adds to the score of a pair; 100 is certain."
    )

    _kind_once = models.UniqueIndex("(kind)", "This mark is weighed already.")
    _weight_in_scale = models.Constraint(
        "CHECK(weight BETWEEN 0 AND 100)", "A weight is between 0 and 100."
    )


class DistributorDuplicate(models.Model):
    """Two distributors who may be one: rankings are wrong until that is clear (R219)."""

    _name = "distributor.duplicate"
    _description = "Possible Duplicate"
    _order = "score desc, id"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        context={"active_test": False},
    )
    other_id = fields.Many2one(
        comodel_name="res.partner",
        string="May Be the Same As",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        context={"active_test": False},
    )
    merged_name = fields.Char(
        readonly=True, help="What the contact was called that is merged now."
    )
    score = fields.Integer(readonly=True, aggregator="max")
    kinds = fields.Char(readonly=True)
    reasons = fields.Char(string="They Share", compute="_compute_reasons")
    state = fields.Selection(
        selection=[
            ("open", "To Check"),
            ("ignored", "Two Different Ones"),
            ("merged", "Merged"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True)

    _once = models.UniqueIndex(
        "(LEAST(partner_id, other_id), GREATEST(partner_id, other_id)) "
        "WHERE other_id IS NOT NULL",
        "This pair is known already.",
    )
    _two = models.Constraint(
        "CHECK(partner_id <> other_id)", "A distributor is no duplicate of itself."
    )

    @api.depends("kinds")
    def _compute_reasons(self):
        labels = dict(
            self.env["distributor.duplicate.mark"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        for pair in self:
            kinds = (pair.kinds or "").split(",")
            pair.reasons = ", ".join(labels[kind] for kind in kinds if kind)

    # -- finding ---------------------------------------------------------------------

    @api.model
    def _cron_find(self):
        """Scheduled: look for duplicates among all distributors."""
        self.sudo()._find()

    @api.model
    def _find(self):
        """Bring the queue up to date: what is decided stays, what is cured goes.

        The marks are read by two statements, whatever the number of distributors.
        """
        self.env.flush_all()
        Mark = self.env["distributor.duplicate.mark"]
        weights = {mark.kind: mark.weight for mark in Mark.search([])}
        least = self.env.company.duplicate_score
        found = pairs(self._iter_marks(), weights, least)
        known = {
            tuple(sorted((pair.partner_id.id, pair.other_id.id))): pair
            for pair in self.search([("other_id", "!=", False)])
        }
        gone = self.browse(
            pair.id
            for key, pair in known.items()
            if key not in found and pair.state == "open"
        )
        gone.unlink()
        self.create(
            [
                {
                    "partner_id": key[0],
                    "other_id": key[1],
                    "score": score,
                    "kinds": ",".join(kinds),
                }
                for key, (score, kinds) in found.items()
                if key not in known
            ]
        )
        for key, (score, kinds) in found.items():
            pair = known.get(key)
            if pair and (pair.score, pair.kinds) != (score, ",".join(kinds)):
                pair.write({"score": score, "kinds": ",".join(kinds)})

    @api.model
    def _iter_marks(self):
        """Yield (distributor, kind, value) of all that tells distributors apart."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.id, partner.name, partner.phone, partner.email,
                       partner.vat, partner.company_registry, partner.website,
                       partner.street, partner.city, partner.state_id,
                       country.phone_code
                  FROM res_partner partner
                  LEFT JOIN res_country country ON country.id = partner.country_id
                 WHERE partner.is_distributor AND partner.parent_id IS NULL
                """
            )
        )
        for (
            owner,
            name,
            phone,
            email,
            vat,
            registry,
            site,
            street,
            city,
            state,
            code,
        ) in rows:
            yield owner, "name", normalize_name(name)
            yield owner, "phone", self._normalize_phone(phone, code)
            yield owner, "email", email_normalize(email or "") or ""
            yield owner, "number", normalize_number(vat) or ""
            yield owner, "number", normalize_number(registry) or ""
            yield owner, "url", normalize_url(site)
            if street:
                place = f"{state or 0}|{(city or '').strip().lower()}"
                yield owner, "address", f"{place}|{normalize_number(street) or ''}"
        for owner, kind, value in self.env.execute_query(
            SQL(
                """
                SELECT bank.partner_id, 'bank', bank.sanitized_acc_number
                  FROM res_partner_bank bank WHERE bank.sanitized_acc_number <> ''
                 UNION ALL
                SELECT shop.partner_id, 'url', shop.url
                  FROM distributor_declared_shop shop
                """
            )
        ):
            yield owner, kind, normalize_url(value) if kind == "url" else value

    @api.model
    def _normalize_phone(self, phone, code):
        """Return a number without signs, country code and leading zeros."""
        bare = PHONE_SIGNS.sub("", phone or "")
        international = bare.startswith(("+", "00"))
        bare = bare.lstrip("+0")
        if international and code:
            bare = bare.removeprefix(str(code)).lstrip("0")
        return bare if len(bare) >= 6 else ""

    # -- deciding --------------------------------------------------------------------

    def _check_can_decide(self):
        """Check that this user decides, and that the pairs are open.

        :raises AccessError: no sales manager
        :raises UserError: decided already
        """
        self.check_access("write")
        if any(pair.state != "open" for pair in self):
            raise UserError(self.env._("This was decided already."))

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("Merge the two, or say they are different."))
        return super().write(vals)

    def action_ignore(self):
        """Say that these are two different distributors; they are not shown again."""
        self._check_can_decide()
        # States are set by buttons alone; the right to write was checked.
        self.sudo().write({"state": "ignored", "decided_by_id": self.env.uid})

    def action_merge(self):
        """Open Odoo's own wizard for the pair; everything of ours follows."""
        self.ensure_one()
        self._check_can_decide()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "base.action_partner_merge"
        )
        both = self.partner_id + self.other_id
        return {
            **action,
            "context": {"active_model": "res.partner", "active_ids": both.ids},
        }

    # -- merging ---------------------------------------------------------------------

    @api.model
    def _prepare_merge(self, sources, target):
        """Note what is merged, and free the keys that would collide.

        :param sources: partners that go
        :param target: the partner that stays
        """
        group = sources | target
        pairs_of = self.search(
            ["|", ("partner_id", "in", sources.ids), ("other_id", "in", sources.ids)]
        )
        same = pairs_of.filtered(
            lambda pair: pair.partner_id in group and pair.other_id in group
        )
        for pair in same:
            gone = pair.partner_id if pair.partner_id != target else pair.other_id
            pair.write(
                {
                    "merged_name": gone.display_name,
                    "partner_id": target.id,
                    "other_id": False,
                    "state": "merged",
                    "decided_by_id": self.env.uid,
                }
            )
        # The next search finds again what is still the same; what was decided about
        # the one that goes does not hold for the one that stays.
        (pairs_of - same).filtered("other_id").unlink()
        self.env.flush_all()
