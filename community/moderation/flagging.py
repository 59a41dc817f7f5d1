"""Flagging, and what enough flags do by themselves until a person decides."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case as when_
from sqlalchemy import func, select, update

from community.accounts.loading import actor_for
from community.core import events
from community.core.db import db, insert_once, utcnow
from community.core.policies import Actor

from . import measures, standing
from .cases import open_case
from .events import Flagged, FlagWithdrawn
from .models import Case, Flag, FlagState
from .rules import (
    AGAIN_AFTER,
    CLOSE_AT,
    CLOSE_FLAGGERS,
    CLOSE_FOR,
    HIDE_AT,
    REASONS,
    SILENCE_AT,
    SILENCE_FLAGGERS,
    flag_weight,
    flags_a_day,
)
from .targets import Target, target_kind

DAY = timedelta(days=1)
AGAINST_AUTHOR = tuple(key for key, reason in REASONS.items() if reason.against_author)


class FlaggingError(Exception):
    """It cannot be flagged: `why` is `again` (flagged or decided a short while ago) or `limit` (enough for a day)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Tally:
    """What the open flags of something come to."""

    score: float
    people: int


def flag(actor: Actor, target: Target, *, reason: str, note: str = "") -> Case:
    """Say that something is not right; enough weight hides it, silences a newcomer or closes the thread for a while.

    Raises `FlaggingError`.
    """
    member_id = actor.id or 0
    level = standing.trust(actor, target.space_id)
    _refuse(member_id, target, level)
    case = open_case(
        "flag",
        target.kind,
        target.id,
        rule=reason,
        space_id=target.space_id,
        member_id=target.author_id,
        staff_only=target.staff_only,
        threshold=HIDE_AT,
        by_id=member_id,
    )
    upheld, decided = record_of(member_id)
    if not insert_once(
        Flag,
        target_kind=target.kind,
        target_id=target.id,
        thread_id=target.thread_id,
        author_id=target.author_id,
        member_id=member_id,
        reason=reason,
        note=note,
        weight=flag_weight(level, reason, upheld=upheld, decided=decided),
        case_id=case.id,
    ):
        raise FlaggingError("again")
    flag_id = _open_flag(member_id, target).id
    _tell_owner(actor, target)
    events.record(Flagged(actor_id=member_id, case_id=case.id, flag_id=flag_id, reason=reason))
    weigh(case)
    _act(case, target)
    return case


def _tell_owner(actor: Actor, target: Target) -> None:
    kind = target_kind(target.kind)
    if kind is not None and kind.reported is not None:
        kind.reported(actor, target.id)


def withdraw(found: Flag, *, by_id: int) -> None:
    """Take a flag back while nobody decided; what it weighed no longer counts, what it did stays until decided."""
    found.state = FlagState.WITHDRAWN.value
    found.decided_at = utcnow()
    db.session.flush()
    weigh(found.case)
    events.record(FlagWithdrawn(actor_id=by_id, case_id=found.case_id, flag_id=found.id))


def record_of(member_id: int) -> tuple[int, int]:
    """How many flags of a person were found right, and how many were decided either way."""
    upheld = func.coalesce(func.sum(when_((Flag.state == FlagState.UPHELD, 1), else_=0)), 0)
    decided = Flag.state.in_((FlagState.UPHELD, FlagState.REJECTED))
    row = db.session.execute(select(upheld, func.count(Flag.id)).where(Flag.member_id == member_id, decided)).one()
    return int(row[0]), int(row[1])


def weigh(case: Case) -> None:
    """Bring the score of a case to what its open flags weigh, and its rule to the reason that weighs most."""
    rows = db.session.execute(
        select(Flag.reason, func.sum(Flag.weight))
        .where(Flag.case_id == case.id, Flag.state == FlagState.OPEN)
        .group_by(Flag.reason)
        .order_by(func.sum(Flag.weight).desc(), Flag.reason)
    ).all()
    case.score = float(sum(weight for _reason, weight in rows))
    case.rule = rows[0][0] if rows else case.rule
    db.session.flush()


def flags_of(case: Case) -> list[Flag]:
    """The flags of a case, oldest first, without those that were taken back."""
    wanted = select(Flag).where(Flag.case_id == case.id, Flag.state != FlagState.WITHDRAWN).order_by(Flag.id)
    return list(db.session.scalars(wanted))


def settle_flags(case: Case, state: FlagState) -> None:
    """Say of the open flags of a case whether they were right; a decision that is undone makes them open again."""
    was = (Flag.state == FlagState.OPEN) if state != FlagState.OPEN else Flag.state.in_(("upheld", "rejected", "moot"))
    decided_at = None if state == FlagState.OPEN else utcnow()
    now = update(Flag).where(Flag.case_id == case.id, was)
    db.session.execute(
        now.values(state=state.value, decided_at=decided_at), execution_options={"synchronize_session": "fetch"}
    )


def _refuse(member_id: int, target: Target, level: int) -> None:
    now = utcnow()
    same = (Flag.target_kind == target.kind) & (Flag.target_id == target.id) & (Flag.member_id == member_id)
    open_now = Flag.state == FlagState.OPEN
    lately = Flag.state.in_((FlagState.UPHELD, FlagState.REJECTED)) & (Flag.decided_at > now - AGAIN_AFTER)
    if db.session.scalar(select(Flag.id).where(same, open_now | lately).limit(1)) is not None:
        raise FlaggingError("again")
    today = select(func.count(Flag.id)).where(Flag.member_id == member_id, Flag.at > now - DAY)
    if (db.session.scalar(today) or 0) >= flags_a_day(level):
        raise FlaggingError("limit")


def _open_flag(member_id: int, target: Target) -> Flag:
    return db.session.scalars(
        select(Flag).where(
            Flag.target_kind == target.kind,
            Flag.target_id == target.id,
            Flag.member_id == member_id,
            Flag.state == FlagState.OPEN,
        )
    ).one()


def _act(case: Case, target: Target) -> None:
    if case.score >= HIDE_AT:
        hide_until_decided(case, target)
    if target.author_id is not None:
        _silence(case, target.author_id)
    if target.thread_id is not None:
        _close(case, target)


def hide_until_decided(case: Case, target: Target) -> None:
    """Take the thing from view by the rule, once; whoever wrote it is told which."""
    kind = target_kind(target.kind)
    if kind is None or kind.hide is None or target.hidden:
        return
    measures.take(
        "hide",
        rule=case.rule,
        member_id=target.author_id,
        by_id=None,
        space_id=target.space_id,
        target_kind=target.kind,
        target_id=target.id,
        removed=target.words,
        case_id=case.id,
    )


def _silence(case: Case, author_id: int) -> None:
    """D: enough people report what a newcomer wrote as spam or unkind."""
    if (
        standing.level_of(author_id) > 0
        or actor_for(author_id).is_staff
        or measures.standing_against_person("silence", author_id)
    ):
        return
    tally = _tally(Flag.author_id == author_id, Flag.reason.in_(AGAINST_AUTHOR))
    if tally.score >= SILENCE_AT and tally.people >= SILENCE_FLAGGERS:
        measures.take(
            "silence", rule=case.rule, member_id=author_id, by_id=None, space_id=case.space_id, case_id=case.id
        )


def _close(case: Case, target: Target) -> None:
    """D: so many flags in one thread that it should rest for some hours."""
    thread_id = target.thread_id or 0
    if measures.standing_against("thread", thread_id, "lock") is not None:
        return
    tally = _tally(Flag.thread_id == thread_id)
    if tally.score >= CLOSE_AT and tally.people >= CLOSE_FLAGGERS:
        measures.take(
            "lock",
            rule="many_flags",
            member_id=None,
            by_id=None,
            space_id=target.space_id,
            target_kind="thread",
            target_id=thread_id,
            until=utcnow() + CLOSE_FOR,
            case_id=case.id,
        )


def _tally(*conditions: object) -> Tally:
    found = select(func.coalesce(func.sum(Flag.weight), 0.0), func.count(func.distinct(Flag.member_id)))
    row = db.session.execute(found.where(Flag.state == FlagState.OPEN, *conditions)).one()  # type: ignore[arg-type]
    return Tally(float(row[0]), int(row[1]))
