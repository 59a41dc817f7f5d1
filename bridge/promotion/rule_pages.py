"""What the pages of rules show."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from community.public import SpaceSnapshot

from .book import EVERYWHERE, Book
from .explaining import EFFECTS, FIELDS, SOURCES, condition_words, listed, rule_name, target_words
from .rules import Placed, Rule, Source
from .ruling import rules_at


@dataclass(frozen=True)
class Place:
    """Where rules are looked at: a space, or everywhere."""

    space: SpaceSnapshot | None

    @property
    def id(self) -> int:
        """The id of the space, 0 for everywhere."""
        return self.space.id if self.space else EVERYWHERE

    @property
    def slug(self) -> str | None:
        """How addresses name it; none for everywhere."""
        return self.space.slug if self.space else None

    def url(self, endpoint: str, **values: object) -> str:
        """The address of a page about this place."""
        return url_for(f"promotion_rules.{endpoint}", space=self.slug, **values)  # type: ignore[arg-type]


@dataclass(frozen=True)
class RuleRow:
    """A rule in a list: what it asks for, what it does, where it comes from, and who departs from it."""

    rule: Rule
    name: str
    conditions: str
    effect: str
    target: str
    source: str
    different: str
    departures: tuple[tuple[str, str], ...]
    own: bool


def rule_rows(book: Book, place: Place, spaces: Iterable[SpaceSnapshot]) -> list[RuleRow]:
    """The rules of a place; for everywhere with every space that departs from them."""
    names = {space.id: space.name for space in spaces}
    departures: dict[str, list[tuple[str, str]]] = {}
    if place.id == EVERYWHERE:
        for origin in book.rules.origins():
            for each in origin.departures:
                said = str(SOURCES[each.source])
                departures.setdefault(origin.key, []).append((names.get(each.space_id, "?"), said))
    return [_row(placed, place, tuple(departures.get(placed.rule.key, ()))) for placed in rules_at(book, place.id)]


def only_in_spaces(book: Book, spaces: Iterable[SpaceSnapshot]) -> list[tuple[SpaceSnapshot, str]]:
    """Rules that only a space has, so that none is hidden."""
    named = {space.id: space for space in spaces}
    return [
        (named[space_id], rule_name(placed.rule))
        for space_id in sorted(book.rules.spaces)
        if space_id in named
        for placed in book.rules.placed_in(space_id)
        if placed.source == Source.OWN
    ]


def _row(placed: Placed, place: Place, departures: tuple[tuple[str, str], ...]) -> RuleRow:
    rule = placed.rule
    return RuleRow(
        rule=rule,
        name=rule_name(rule),
        conditions=listed(condition_words(condition) for condition in rule.conditions),
        effect=str(EFFECTS[rule.effect]),
        target=target_words(rule.target_class),
        source=str(SOURCES[placed.source]) if place.space else "",
        different=listed(FIELDS[name] for name in placed.fields),
        departures=departures,
        own=place.space is not None and placed.source != Source.INHERITED,
    )
