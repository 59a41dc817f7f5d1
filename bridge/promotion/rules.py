"""Promotion rules, and how spaces inherit them from the installation. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from functools import cached_property

from .conditions import (
    Condition,
    Distress,
    HaveToo,
    HaveTooRate,
    Kind,
    NobodyOnDuty,
    NotAccepted,
    Proposed,
    SuggestedClass,
    Unanswered,
)

USUAL_WAIT = timedelta(hours=3)


class Effect(StrEnum):
    """What a rule does once it speaks."""

    SUGGEST = "suggest"
    AUTOMATIC = "automatic"


@dataclass(frozen=True)
class Rule:
    """One rule; all its conditions must hold. `key` is its identity: a space changes a rule by one with the same key.

    An automatic rule waits (`wait`, by the clock) so that super users can step in, promotes at most `cap` threads a
    day of the calendar, and with `in_hours_only` never outside of working hours: those are the quiet ones.
    """

    key: str
    name: str
    conditions: tuple[Condition, ...]
    effect: Effect = Effect.SUGGEST
    target_class: str = ""
    in_hours_only: bool = True
    cap: int | None = None
    wait: timedelta = USUAL_WAIT
    enabled: bool = True

    @property
    def automatic(self) -> bool:
        """Whether it promotes on its own."""
        return self.effect == Effect.AUTOMATIC

    @cached_property
    def questions_only(self) -> bool:
        """Whether it says nothing of other kinds of threads."""
        return not any(isinstance(condition, Kind) for condition in self.conditions)


class Source(StrEnum):
    """Where the rule of a space comes from."""

    INHERITED = "inherited"
    CHANGED = "changed"
    SWITCHED_OFF = "switched_off"
    SWITCHED_ON = "switched_on"
    OWN = "own"


@dataclass(frozen=True)
class Departure:
    """How a space departs from the installation's rule; `fields` names what is different."""

    space_id: int
    source: Source
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Origin:
    """A rule of the installation (`default` None: there is none, spaces made their own) and who departs from it."""

    key: str
    default: Rule | None
    departures: tuple[Departure, ...]


@dataclass(frozen=True)
class Placed:
    """A rule as it holds in one space, and where it comes from."""

    rule: Rule
    source: Source
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleBook:
    """All rules: those of the installation in their order, and by space those that it changes or adds."""

    defaults: tuple[Rule, ...]
    spaces: Mapping[int, tuple[Rule, ...]]

    def placed_in(self, space_id: int) -> tuple[Placed, ...]:
        """The rules of a space with where each comes from: the installation's in their order, then its own."""
        changed = {rule.key: rule for rule in self.spaces.get(space_id, ())}
        found = [_placed(rule, changed.pop(rule.key, None)) for rule in self.defaults]
        return (*found, *(Placed(rule, Source.OWN) for rule in changed.values()))

    def rules_in(self, space_id: int) -> tuple[Rule, ...]:
        """The rules that are switched on in a space, in their order."""
        return tuple(placed.rule for placed in self.placed_in(space_id) if placed.rule.enabled)

    def origins(self) -> tuple[Origin, ...]:
        """Each rule with every space that departs from it, so that no exception is hidden."""
        departures: dict[str, list[Departure]] = {}
        for space_id in sorted(self.spaces):
            for placed in self.placed_in(space_id):
                if placed.source != Source.INHERITED:
                    found = Departure(space_id, placed.source, placed.fields)
                    departures.setdefault(placed.rule.key, []).append(found)
        defaults = {rule.key: rule for rule in self.defaults}
        return tuple(
            Origin(key, defaults.get(key), tuple(departures.get(key, ()))) for key in {**defaults, **departures}
        )


def differences(rule: Rule, other: Rule) -> tuple[str, ...]:
    """Names of the fields in which two rules are not the same."""
    return tuple(f.name for f in fields(Rule) if getattr(rule, f.name) != getattr(other, f.name))


def _placed(default: Rule, changed: Rule | None) -> Placed:
    different = differences(default, changed) if changed else ()
    if changed is None or not different:
        return Placed(default, Source.INHERITED)
    if different == ("enabled",):
        return Placed(changed, Source.SWITCHED_ON if changed.enabled else Source.SWITCHED_OFF, different)
    return Placed(changed, Source.CHANGED, different)


# What an installation begins with. Nothing goes to the desk on its own until somebody switches it on.
USUAL_RULES: tuple[Rule, ...] = (
    Rule(
        "threat",
        "May be a threat to security",
        (SuggestedClass(("suspicious_activity",)), Kind(("question", "discussion"))),
        target_class="suspicious_activity",
        in_hours_only=False,
        cap=20,
        wait=timedelta(),
    ),
    Rule(
        "burst",
        "Many people at once",
        (SuggestedClass(("incident", "disaster")), HaveTooRate(3, 60)),
        target_class="incident",
        in_hours_only=False,
        cap=10,
        wait=timedelta(),
    ),
    Rule("proposed", "A super user proposes it", (Proposed(),), cap=20),
    Rule("no-one-there", "Unanswered, and nobody on duty", (Unanswered(8), NobodyOnDuty()), cap=10),
    Rule("unanswered", "Unanswered for 24 working hours", (Unanswered(24),), cap=10),
    Rule("unsolved", "No accepted answer after 48 working hours", (NotAccepted(48),), cap=10),
    Rule("shared", "Unsolved, and several people have it", (NotAccepted(8), HaveToo(4)), cap=10),
    Rule("distress", "The author is in distress", (Unanswered(2), Distress(4)), cap=10),
)
