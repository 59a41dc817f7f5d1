"""What a broken rule was about: anything that moderation knows, a measure, and what packages above add."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for

from community.core.numbers import whole_number
from community.core.policies import Actor
from community.moderation import targets
from community.moderation.measures import measure_kind
from community.moderation.queries import measure_for


@dataclass(frozen=True)
class Subject:
    """One thing as its reader may see it."""

    kind: str
    id: int
    title: str
    address: str
    space_id: int | None = None


Find = Callable[[Actor, int], Subject | None]
_found_by: dict[str, Find] = {}


def register_subject(kind: str, find: Find) -> None:
    """Let broken rules be about one more kind of thing; `find(actor, id)` is None where the actor may not read it."""
    _found_by[kind] = find


def find(actor: Actor, kind: str, subject_id: int) -> Subject | None:
    """The thing, if the actor may read it."""
    if kind in _found_by:
        return _found_by[kind](actor, subject_id)
    target = targets.find(actor, kind, subject_id)
    return Subject(kind, target.id, target.title, target.address, target.space_id) if target else None


def from_words(actor: Actor, words: str) -> Subject | None:
    """The thing that `thread:12` names; None for nothing, and for what the actor may not read."""
    kind, _colon, number = words.partition(":")
    return find(actor, kind, found) if (found := whole_number(number)) is not None else None


def _measure(actor: Actor, measure_id: int) -> Subject | None:
    measure = measure_for(actor, measure_id)
    if measure is None:
        return None
    address = url_for("moderation.measure", measure_id=measure.id)
    return Subject("measure", measure.id, str(measure_kind(measure.kind).label), address, measure.space_id)


register_subject("measure", _measure)
