"""What detection hands on: who, what kind, how much in which time, and what chance would have given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from .table import Vote


class Kind(StrEnum):
    """What a finding looks like."""

    PAIR = "pair"
    RING = "ring"
    BURST = "burst"
    SERIAL = "serial"
    AGAINST = "against"
    NEW_ACCOUNTS = "new"
    ANSWERS = "answers"


@dataclass(frozen=True)
class Finding:
    """A pattern to be put before a person.

    `members` take part, by id; `giver_id` and `getter_id` are named where there is a direction. `number` votes (or
    accepted answers) lie between `since` and `until`; `chance` is what would be expected; they are part of `given` that
    these people gave and `got` that they got altogether. `also` holds further kinds found among the same people,
    and `times` when the votes were given.
    """

    kind: Kind
    members: tuple[int, ...]
    number: int
    chance: float
    since: datetime
    until: datetime
    given: int = 0
    got: int = 0
    giver_id: int | None = None
    getter_id: int | None = None
    space_id: int | None = None
    also: tuple[Kind, ...] = ()
    times: tuple[datetime, ...] = ()

    @classmethod
    def of(
        cls,
        kind: Kind,
        members: Iterable[int],
        votes: Sequence[Vote],
        *,
        chance: float,
        given: int,
        got: int,
        giver_id: int | None = None,
        getter_id: int | None = None,
    ) -> "Finding":
        """The finding made of these votes; `space_id` is named where all are in one space."""
        times = [vote.at for vote in votes]
        spaces = {vote.space for vote in votes}
        return cls(
            kind,
            tuple(sorted(members)),
            len(votes),
            round(chance, 2),
            min(times),
            max(times),
            given,
            got,
            giver_id,
            getter_id,
            spaces.pop() if len(spaces) == 1 else None,
            times=tuple(sorted(times)),
        )


def merged(found: Iterable[Finding]) -> list[Finding]:
    """Findings about the same people are one: the largest group, or the first kind, with the others beside it."""
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda one: (-len(one.members), list(Kind).index(one.kind), one.members)):
        for place, other in enumerate(kept):
            if set(finding.members) <= set(other.members):
                also = dict.fromkeys((*other.also, finding.kind))
                kept[place] = replace(other, also=tuple(kind for kind in also if kind != other.kind))
                break
        else:
            kept.append(finding)
    return kept
