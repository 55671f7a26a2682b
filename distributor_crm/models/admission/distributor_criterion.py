# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount, formatLang

from .facts import CHOICE, FACTS, NUMBER, OPERATORS, RATING, TEXT, is_met


class DistributorCriterion(models.Model):
    """One rule of admission: a fact, how it is compared, and what it decides."""

    _name = "distributor.criterion"
    _description = "Admission Criterion"
    _order = "set_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    set_id = fields.Many2one(
        comodel_name="distributor.criterion.set",
        string="Criteria",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    fact = fields.Selection(
        selection=lambda self: [
            (name, str(fact.label)) for name, fact in FACTS.items()
        ],
        string="Looks At",
        required=True,
    )
    fact_kind = fields.Char(compute="_compute_fact_kind")
    operator = fields.Selection(
        selection=[
            ("ge", "≥"),
            ("gt", ">"),
            ("eq", "="),
            ("in", "is one of"),
            ("set", "is given"),
        ],
        required=True,
        default="ge",
    )
    number = fields.Float(digits=(16, 2), help="The bound, for facts that are numbers.")
    rating_id = fields.Many2one(
        comodel_name="distributor.shop.rating", ondelete="restrict"
    )
    codes = fields.Char(
        string="Answers",
        help="For facts that are a choice: the answers that meet the criterion, by "
        "their code, separated by commas. For example: yes",
    )
    kind = fields.Selection(
        selection=[
            ("knockout", "Knock-out"),
            ("weighted", "Weighted"),
            ("fast_track", "Fast-track Reason"),
        ],
        required=True,
        default="knockout",
        help="Knock-out: who misses it is not admitted. Weighted: gives points. "
        "Fast-track reason: who meets it may be let off the waivable criteria.",
    )
    points = fields.Float(digits=(16, 1))
    is_waivable = fields.Boolean(
        string="Waivable",
        help="The approver may let off an applicant who has a fast-track reason.",
    )
    exception_to_id = fields.Many2one(
        comodel_name="distributor.criterion",
        domain="[('set_id', '=', set_id), ('kind', '=', 'knockout'), "
        "('exception_to_id', '=', False)]",
        index="btree_not_null",
        ondelete="cascade",
        help="Who misses that criterion still passes if he meets all its exceptions.",
    )
    exception_ids = fields.One2many(
        comodel_name="distributor.criterion", inverse_name="exception_to_id"
    )
    note = fields.Char(
        string="How to Verify",
        translate=True,
        help="Which evidence the reviewer looks at.",
    )
    expected = fields.Char(compute="_compute_expected", string="Wanted")

    _points_positive = models.Constraint(
        "CHECK(points >= 0)", "Points are not negative."
    )
    _weighted_has_points = models.Constraint(
        "CHECK(kind <> 'weighted' OR points > 0)",
        "A weighted criterion gives points: enter how many.",
    )

    @api.depends("fact")
    def _compute_fact_kind(self):
        for criterion in self:
            fact = FACTS.get(criterion.fact)
            criterion.fact_kind = fact.kind if fact else False

    @api.depends("fact", "operator", "number", "rating_id", "codes")
    def _compute_expected(self):
        operators = dict(self._fields["operator"]._description_selection(self.env))
        for criterion in self:
            wanted = operators.get(criterion.operator, "")
            if criterion.operator != "set":
                wanted = f"{wanted} {criterion._get_wanted_label()}"
            criterion.expected = wanted

    def _get_wanted_label(self):
        kind = self.fact_kind
        if kind == RATING:
            return self.rating_id.name or ""
        if kind == CHOICE:
            labels = self._get_choices()
            return ", ".join(labels.get(code, code) for code in self._get_codes())
        return self._format_number(self.number)

    def _format_number(self, number):
        if self.fact == "promotion_budget":
            return format_amount(self.env, number, self.env.company.currency_id)
        digits = 0 if number == int(number) and self.fact != "positive_rate" else 2
        return formatLang(self.env, number, digits=digits)

    def _get_codes(self):
        return [code.strip() for code in (self.codes or "").split(",") if code.strip()]

    def _get_choices(self):
        """Return {code: label} of the answers to the fact, empty if it is no choice."""
        fact = FACTS.get(self.fact)
        if not fact or fact.kind != CHOICE:
            return {}
        subject = "distributor.application"
        if fact.subject == "shop":
            subject = "distributor.application.shop"
        field = self.env[subject]._fields[fact.field]
        return dict(field._description_selection(self.env))

    @api.constrains("fact", "operator", "codes", "rating_id", "kind", "exception_to_id")
    def _check_comparable(self):
        for criterion in self:
            kind = criterion.fact_kind
            if criterion.operator not in OPERATORS[kind]:
                raise ValidationError(
                    self.env._(
                        "%(criterion)s: this comparison does not fit what it looks at.",
                        criterion=criterion.name,
                    )
                )
            if criterion.operator == "set":
                continue
            if kind == RATING and not criterion.rating_id:
                raise ValidationError(
                    self.env._("%s: choose the rating that is wanted.", criterion.name)
                )
            if kind == CHOICE:
                criterion._check_codes()

    def _check_codes(self):
        choices = self._get_choices()
        codes = self._get_codes()
        if not codes or set(codes) - choices.keys():
            raise ValidationError(
                self.env._(
                    "%(criterion)s: enter answers by their code. There are: %(codes)s.",
                    criterion=self.name,
                    codes=", ".join(f"{c} ({label})" for c, label in choices.items()),
                )
            )

    @api.constrains("exception_to_id", "kind", "set_id")
    def _check_exception(self):
        for criterion in self.filtered("exception_to_id"):
            ruled = criterion.exception_to_id
            if (
                ruled.exception_to_id
                or ruled.set_id != criterion.set_id
                or {ruled.kind, criterion.kind} != {"knockout"}
            ):
                raise ValidationError(
                    self.env._(
                        "%s: an exception is a knock-out of the same criteria, to a "
                        "criterion that is no exception itself.",
                        criterion.name,
                    )
                )

    # -- evaluation ------------------------------------------------------------------

    def _get_fact(self, application, shop):
        """Return the value of the fact: None if it is not known."""
        fact = FACTS[self.fact]
        record = shop if fact.subject == "shop" else application
        if not record:
            return None
        value = record[fact.field]
        if fact.kind == RATING:
            return value.rank if value else None
        if fact.kind == NUMBER:
            # Counts are always known; of the rest nobody states a zero.
            return value if value or fact.field.endswith("shop_count") else None
        if fact.kind == TEXT:
            return (value or "").strip() or None
        return value or None

    def _is_met(self, application, shop):
        """Return whether the applicant meets this criterion by himself, or None."""
        self.ensure_one()
        wanted = self.number
        if self.fact_kind == RATING:
            wanted = self.rating_id.rank
        elif self.fact_kind == CHOICE:
            wanted = set(self._get_codes())
        return is_met(
            self.fact_kind, self.operator, self._get_fact(application, shop), wanted
        )

    def _describe_fact(self, application, shop):
        """Return what the applicant said, as text; empty if he did not."""
        value = self._get_fact(application, shop)
        if value is None:
            return ""
        if self.fact_kind == RATING:
            return shop.rating_id.name
        if self.fact_kind == CHOICE:
            return self._get_choices().get(value, value)
        if self.fact_kind == TEXT:
            return value[:200]
        return self._format_number(value)
