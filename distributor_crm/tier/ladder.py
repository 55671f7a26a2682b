# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which tier a distributor's figures entitle to. Plain values in and out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

# A figure is known by what is measured and over which days.
Key = tuple[str, str]
# None: nobody measures it.
Figures = Mapping[Key, Decimal | None]


@dataclass(frozen=True)
class Condition:
    """A figure that has to reach a value.

    :ivar key: what is measured, and over which days
    :ivar operator: one of ">=", ">", "<=", "<"
    """

    key: Key
    operator: str
    value: Decimal

    def is_met(self, figures: Figures) -> bool | None:
        """Return whether the figure reaches the value, None where it is not known."""
        figure = figures.get(self.key)
        if figure is None:
            return None
        return {
            ">=": figure >= self.value,
            ">": figure > self.value,
            "<=": figure <= self.value,
            "<": figure < self.value,
        }[self.operator]


@dataclass(frozen=True)
class Rule:
    """A way into a tier, or to stay in it: all conditions hold (R001).

    :ivar rule_id: tells the rules apart
    """

    rule_id: int
    conditions: Sequence[Condition]

    def admits(self, figures: Figures) -> bool:
        """Return whether the rule lets a distributor in: what nobody knows does not."""
        return bool(self.conditions) and all(
            condition.is_met(figures) for condition in self.conditions
        )

    def keeps(self, figures: Figures) -> bool:
        """Return whether the rule lets one stay: what nobody knows is not held against
        anybody."""
        return all(
            condition.is_met(figures) is not False for condition in self.conditions
        )


@dataclass(frozen=True)
class Step:
    """A tier with the rules that lead into it and the rules by which one stays.

    One rule of several is enough. Without rules to stay, those to enter count; without
    any rule the tier is given by hand and is taken by nobody.
    """

    grade_id: int
    enter: Sequence[Rule] = ()
    keep: Sequence[Rule] = ()

    @property
    def is_ruled(self) -> bool:
        return bool(self.enter or self.keep)

    def entered_by(self, figures: Figures) -> Rule | None:
        """Return the first rule that lets these figures in."""
        return next((rule for rule in self.enter if rule.admits(figures)), None)

    def keeps(self, figures: Figures) -> bool:
        """Return whether these figures may stay."""
        if not self.is_ruled:
            return True
        return any(rule.keeps(figures) for rule in self.keep or self.enter)


@dataclass(frozen=True)
class Verdict:
    """Where a distributor belongs, and by which rule.

    :ivar grade_id: None for no tier
    :ivar rule_id: the rule that lets him in; None where he stays or falls
    """

    grade_id: int | None
    rule_id: int | None = None


def judge(steps: Sequence[Step], current: int | None, figures: Figures) -> Verdict:
    """Return the tier that figures entitle to.

    Up to the highest tier that lets one in; who may not stay falls to the next lower
    one that lets him in or would let him stay, or to none.

    :param steps: the tiers, the highest first
    :param current: the tier held today, None for none; one that is not among the
        steps is left alone
    """
    grades = [step.grade_id for step in steps]
    if current is not None and current not in grades:
        return Verdict(current)
    place = grades.index(current) if current is not None else len(steps)
    for step in steps[:place]:
        rule = step.entered_by(figures)
        if rule:
            return Verdict(step.grade_id, rule.rule_id)
    if current is None:
        return Verdict(None)
    if steps[place].keeps(figures):
        return Verdict(current)
    for step in steps[place + 1 :]:
        if step.entered_by(figures) or step.keeps(figures):
            return Verdict(step.grade_id)
    return Verdict(None)
