"""The programme as its page shows it: what was counted, with names, in two statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import load_only

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.spaces.models import Space

from . import rules
from .candidates import evidence_from
from .coverage import gaps
from .rules import ENDING_WITHIN, LOAD_FROM, LOAD_MARKED, target_size


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be asked; each line of `checks` is a rule: met or not, the figure, what is asked for."""

    member: Member
    space: Space
    checks: Sequence[tuple[bool, str, str]]

    @property
    def ready(self) -> bool:
        """Whether every rule is met."""
        return all(met for met, _figure, _asked in self.checks)

    @property
    def missing(self) -> int:
        """How many rules are not met."""
        return sum(1 for met, _figure, _asked in self.checks if not met)


@dataclass(frozen=True)
class Serving:
    """A super user in one space: `share` is theirs of its answers."""

    member: Member
    space: Space
    until: datetime | None
    last: datetime | None
    hours: float | None
    agreement_id: int | None
    answers: int
    share: float

    @property
    def ends_soon(self) -> bool:
        """Whether the term ends within 90 days."""
        return self.until is not None and self.until <= utcnow() + ENDING_WITHIN

    @property
    def carries(self) -> bool:
        """Whether it is more than one person should carry."""
        return too_much(self.answers, self.share)


@dataclass(frozen=True)
class SpaceRow:
    """A space beside the others. `bus` people gave half of its `accepted` answers; in `gaps` hours nobody is around."""

    space: Space
    helping: int
    target: int
    questions_a_week: float
    bus: int
    accepted: int
    top: Sequence[tuple[Member, int, float, bool]]
    gaps: int


@dataclass(frozen=True)
class Programme:
    """All that the page shows, as it was counted at `at`."""

    at: datetime
    sizes: Mapping[str, Any]
    candidates: Sequence[Candidate]
    helpers: Sequence[Serving]
    spaces: Sequence[SpaceRow]
    beginners: Sequence[Mapping[str, Any]]
    gatherings: Mapping[str, Any]
    agreements: Sequence[Mapping[str, Any]]
    coverage: Mapping[str, Any]

    @property
    def ending(self) -> list[Serving]:
        """Whose term ends within 90 days, the first to end first."""
        soon = [helper for helper in self.helpers if helper.ends_soon]
        return sorted(soon, key=lambda helper: helper.until or self.at)


def programme(result: Mapping[str, Any], at: datetime) -> Programme:
    """What was counted, with the people and places of today; who is suspended since, and what is gone, left out."""
    people, spaces = _people(result), {space.id: space for space in db.session.scalars(select(Space))}
    reader = _Reader(result, people, spaces)
    return Programme(
        at=at,
        sizes=result["sizes"],
        candidates=sorted(reader.candidates(), key=lambda one: one.missing),
        helpers=list(reader.helpers()),
        spaces=sorted(reader.rows(), key=lambda row: row.space.name),
        beginners=[
            {**row, "member": people[row["member"]], "since": moment(row["since"])}
            for row in result["beginners"]
            if row["member"] in people
        ],
        gatherings={
            key: [{**one, "at": moment(one["at"])} for one in found] for key, found in result["gatherings"].items()
        },
        agreements=[
            {**row, "member": people[row["member"]], "ends": date.fromisoformat(row["ends"])}
            for row in result["agreements"]["ending"]
            if row["member"] in people
        ],
        coverage={key: week for key, week in result["coverage"].items() if int(key) in spaces},
    )


def too_much(answers: int, share: float) -> bool:
    """Whether it is more of a space than one person should carry."""
    return answers >= LOAD_FROM and share > LOAD_MARKED


def moment(text: str | None) -> datetime | None:
    """A moment as it was kept."""
    return datetime.fromisoformat(text) if text else None


def _people(result: Mapping[str, Any]) -> dict[int, Member]:
    ids = {row["member"] for key in ("candidates", "members", "beginners") for row in result[key]}
    ids |= {row["member"] for row in result["agreements"]["ending"]}
    ids |= {row[0] for found in result["loads"].values() for row in found}
    columns = load_only(Member.handle, Member.name, Member.avatar_key, Member.role)
    wanted = select(Member).where(Member.id.in_(ids), Member.suspended_at.is_(None)).options(columns)
    return {member.id: member for member in db.session.scalars(wanted)} if ids else {}


class _Reader:
    """Rows of a result with people and places put in."""

    def __init__(self, result: Mapping[str, Any], people: Mapping[int, Member], spaces: Mapping[int, Space]) -> None:
        self._result, self._people, self._spaces = result, people, spaces
        self._answers = {
            (int(space), member): (theirs, every)
            for space, found in result["loads"].items()
            for member, theirs, every in found
        }

    def _known(self, rows: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
        return (row for row in rows if row["member"] in self._people and row["space"] in self._spaces)

    def candidates(self) -> Iterable[Candidate]:
        for row in self._known(self._result["candidates"]):
            checks = evidence_from(row["figures"]).lines()
            yield Candidate(self._people[row["member"]], self._spaces[row["space"]], checks)

    def helpers(self) -> Iterable[Serving]:
        for row in self._known(self._result["members"]):
            theirs, every = self._answers.get((row["space"], row["member"]), (0, 0))
            yield Serving(
                self._people[row["member"]],
                self._spaces[row["space"]],
                moment(row["until"]),
                moment(row["last"]),
                row["hours"],
                self._result["agreements"]["of"].get(str(row["member"])),
                theirs,
                theirs / every if every else 0.0,
            )

    def rows(self) -> Iterable[SpaceRow]:
        sizes, weeks = self._result["sizes"], rules.QUESTIONS_WITHIN / timedelta(days=7)
        for space in self._spaces.values():
            key = str(space.id)
            asked, helping = sizes["questions"].get(key, 0) / weeks, sizes["helping"].get(key, 0)
            people, accepted = self._result["bus"].get(key, (0, 0))
            if asked or helping or accepted:
                top = list(self._top(key))
                week = self._result["coverage"].get(key)
                alone = sum(gaps(week)) if week else 0
                yield SpaceRow(space, helping, target_size(0, asked), asked, people, accepted, top, alone)

    def _top(self, key: str) -> Iterable[tuple[Member, int, float, bool]]:
        for member, theirs, every in self._result["loads"].get(key, ())[: rules.MOST_LOADS]:
            if member in self._people:
                share = theirs / every
                yield self._people[member], theirs, share, too_much(theirs, share)
