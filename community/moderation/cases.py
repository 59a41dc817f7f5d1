"""The life of a case: opened once, claimed, perhaps looked at by a second person, decided exactly once, undone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack, cast

from sqlalchemy import CursorResult, select, update

from community.core import events
from community.core.db import db, insert_once, utcnow

from .events import CaseDecided, CaseOpened, CaseReopened
from .kinds import Decision
from .models import Case, CaseState, Opinion
from .rules import CLAIM_LASTS, DUE_HOURS, DUE_OTHERWISE


class DecidedAlreadyError(Exception):
    """Somebody else was quicker; `case` says what they decided."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"case {case.id} is decided")
        self.case = case


class Opening(TypedDict, total=False):
    """What a new case says beside what it is about.

    `why` holds lines as data: {"text": msgid, ...} with what its kind shows. `by_id` is who caused it.
    """

    rule: str
    space_id: int | None
    member_id: int | None
    staff_only: bool
    why: Sequence[dict[str, Any]]
    score: float
    threshold: float
    due_at: datetime | None
    by_id: int | None


def open_case(kind: str, target_kind: str, target_id: int, **said: Unpack[Opening]) -> Case:
    """The case about this thing that waits for a decision: the one that is open, or a new one.

    However many ask at once, one is made.
    """
    columns = {name: value for name, value in said.items() if name not in ("by_id", "due_at", "why")}
    made = insert_once(
        Case,
        kind=kind,
        target_kind=target_kind,
        target_id=target_id,
        why=list(said.get("why", ())),
        due_at=said.get("due_at") or utcnow() + timedelta(hours=DUE_HOURS.get(kind, DUE_OTHERWISE)),
        **columns,
    )
    case = waiting_case(kind, target_kind, target_id)
    if case is None:  # it was decided between the two statements
        return open_case(kind, target_kind, target_id, **said)
    if made:
        events.record(CaseOpened(actor_id=said.get("by_id"), case_id=case.id, kind=kind))
    return case


def waiting_case(kind: str, target_kind: str, target_id: int) -> Case | None:
    """The undecided case of this kind about a thing, locked."""
    return db.session.scalar(
        select(Case)
        .where(
            Case.kind == kind,
            Case.target_kind == target_kind,
            Case.target_id == target_id,
            Case.state != CaseState.DECIDED,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def claim(case: Case, *, by_id: int) -> bool:
    """Take a case for two hours, so that nobody does the work twice; whether it is now one's own."""
    now = utcnow()
    free = (Case.claimed_by_id.is_(None)) | (Case.claimed_by_id == by_id) | (Case.claimed_until < now)
    taken = (
        update(Case)
        .where(Case.id == case.id, Case.state != CaseState.DECIDED, free)
        .values(state=CaseState.CLAIMED, claimed_by_id=by_id, claimed_until=now + CLAIM_LASTS)
    )
    return _done(case, taken)


def release(case: Case, *, by_id: int) -> bool:
    """Give a claimed case back; whether it was one's own."""
    free = (
        update(Case)
        .where(Case.id == case.id, Case.state == CaseState.CLAIMED, Case.claimed_by_id == by_id)
        .values(state=CaseState.OPEN, claimed_by_id=None, claimed_until=None)
    )
    return _done(case, free)


def assign(case: Case, *, to_id: int | None, note: str = "") -> None:
    """Say who should decide, and leave them a note that only those who review read."""
    case.assignee_id = to_id
    case.note = note or case.note


def ask_second(case: Case) -> None:
    """Ask for a second opinion before it is decided."""
    case.second_wanted = True


def give_opinion(case: Case, *, by_id: int, decision: str, words: str = "") -> None:
    """Say what one would decide, in place of what one said before."""
    if not insert_once(Opinion, case_id=case.id, member_id=by_id, decision=decision, words=words):
        said = update(Opinion).where(Opinion.case_id == case.id, Opinion.member_id == by_id)
        db.session.execute(said.values(decision=decision, words=words, at=utcnow()))
    db.session.expire(case, ["opinions"])


def decide(case: Case, decision: Decision, *, by_id: int, words: str = "") -> None:
    """Decide, exactly once however many try. Raises `DecidedAlreadyError` for all but the first."""
    if not _settle(case, decision.key, by_id, words):
        raise DecidedAlreadyError(case)
    case.before = decision.apply(case, by_id, words)
    events.record(CaseDecided(actor_id=by_id, case_id=case.id, kind=case.kind, decision=decision.key))


def settle(kind: str, target_kind: str, target_id: int, *, decision: str, by_id: int | None = None) -> None:
    """What the case is about was settled elsewhere; nothing else is done. Nothing happens where none waits."""
    case = waiting_case(kind, target_kind, target_id)
    if case is not None and _settle(case, decision, by_id, ""):
        events.record(CaseDecided(actor_id=by_id, case_id=case.id, kind=kind, decision=decision))


def take_back(case: Case, decision: Decision, *, by_id: int) -> bool:
    """Undo a decision, once, and let the case wait again; False where it cannot be undone, or something newer waits."""
    db.session.refresh(case, with_for_update={"of": Case})
    newer = waiting_case(case.kind, case.target_kind, case.target_id)
    if decision.undo is None or case.decision != decision.key or not case.is_decided or newer is not None:
        return False
    if decision.undo(case, by_id) is False:
        return False
    case.state, case.decision, case.words = CaseState.OPEN.value, "", ""
    case.decided_by_id = case.decided_at = case.claimed_by_id = case.claimed_until = None
    case.before = {}
    events.record(CaseReopened(actor_id=by_id, case_id=case.id))
    return True


def _settle(case: Case, decision: str, by_id: int | None, words: str) -> bool:
    ended = (
        update(Case)
        .where(Case.id == case.id, Case.state != CaseState.DECIDED)
        .values(state=CaseState.DECIDED, decision=decision, words=words, decided_by_id=by_id, decided_at=utcnow())
    )
    return _done(case, ended)


def _done(case: Case, statement: Any) -> bool:
    changed = db.session.execute(statement, execution_options={"synchronize_session": False})
    db.session.refresh(case)
    return bool(cast(CursorResult[Any], changed).rowcount)
