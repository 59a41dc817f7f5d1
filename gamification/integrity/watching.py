"""Every night: look for patterns, and open one case for each that nobody has decided on. Nothing else happens."""

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from community.core.db import db, insert_once, utcnow
from community.core.jobs import every
from community.public import open_case

from .detection import detect
from .findings import Finding, Kind
from .models import Outcome, VoteFinding
from .reading import table_of_votes
from .thresholds import USUAL

CASE = "votes"


@every(hours=24)
def watch_votes() -> None:
    """Look at the votes of the last year. A pattern that waits, or was found honest and hardly grew, is left alone."""
    propose(detect(table_of_votes(utcnow() - USUAL.looks_back)))


def propose(findings: Iterable[Finding]) -> int:
    """Open a case for each finding that is news; how many."""
    known = list(db.session.scalars(select(VoteFinding).order_by(VoteFinding.id)))
    opened = 0
    for finding in findings:
        if not any(_covers(row, finding) for row in known):
            _open(finding)
            opened += 1
    return opened


def _covers(row: VoteFinding, finding: Finding) -> bool:
    """Whether these people were looked at already, and it is not half as much again since.

    Votes that were set aside are found no more; those of them that an appeal or a person gave back were looked at.
    """
    if not set(finding.members) <= set(row.members):
        return False
    number = row.number
    if row.outcome == Outcome.VOID and finding.kind != Kind.ANSWERS:
        number = sum(row.decided_at is not None and at <= row.decided_at for at in finding.times)
    return row.outcome == Outcome.WAITING or finding.number < number * USUAL.grown


def _open(finding: Finding) -> None:
    key = key_of(finding.members)
    fresh: dict[str, Any] = {
        "number": finding.number,
        "outcome": Outcome.WAITING.value,
        "found_at": utcnow(),
        "decided_at": None,
    }
    if not insert_once(VoteFinding, key=key, members=list(finding.members), **fresh):
        db.session.execute(update(VoteFinding).where(VoteFinding.key == key).values(**fresh))
    row = db.session.scalars(
        select(VoteFinding).where(VoteFinding.key == key).execution_options(populate_existing=True)
    ).one()
    # Who votes for whom is shown to nobody else, so only those who may see it decide.
    open_case(
        CASE,
        CASE,
        row.id,
        rule=CASE,
        space_id=finding.space_id or None,
        staff_only=True,
        why=[evidence_of(finding)],
        score=float(finding.number),
    )


def key_of(members: Iterable[int]) -> str:
    """One key for one group of people, in whatever order."""
    return hashlib.sha256("-".join(map(str, sorted(members))).encode()).hexdigest()


def evidence_of(finding: Finding) -> dict[str, Any]:
    """The finding as plain data, kept with the case."""
    return {
        "kind": finding.kind.value,
        "also": [kind.value for kind in finding.also],
        "members": list(finding.members),
        "number": finding.number,
        "chance": finding.chance,
        "since": finding.since.isoformat(),
        "until": finding.until.isoformat(),
        "given": finding.given,
        "got": finding.got,
        "giver_id": finding.giver_id,
        "getter_id": finding.getter_id,
    }
