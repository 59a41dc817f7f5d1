"""Cleaning up after a spammer in one act, and taking all of it back, exactly, for seven days.

The measure against the person comes first and is the head of the act; every other one carries its id. What is a long
work is done by a job in portions, each in a transaction of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, false, func, select, true, update

from community.accounts.models import Member
from community.core import events
from community.core.db import db, utcnow
from community.core.jobs import enqueue, job
from community.core.policies import Actor
from community.forum.models import HelpfulVote, Post, Thread
from community.forum.reactions import voiding

from . import flagging, measures, policies
from .events import CaseDecided
from .gates import held
from .gates.models import HeldWriting
from .measures import MeasureKind, register_measure
from .models import Case, CaseState, Flag, FlagState, Measure
from .rules import CLEAN_AT_ONCE, CLEAN_POSTS, CLEAN_YOUNGER_THAN, UNDO_WITHIN
from .targets import look

DECISION = "cleaned"
LONGEST_REMOVED = 2000


@dataclass(frozen=True)
class Plan:
    """Exactly what would be touched."""

    threads: list[Post]
    posts: list[Post]
    votes: int
    cases: int
    held: list[HeldWriting]
    kind: str

    @property
    def items(self) -> int:
        """How many things would be taken from view."""
        return len(self.threads) + len(self.posts)


def is_newcomer(member: Member) -> bool:
    """D: an account younger than 60 days, or with at most 15 posts."""
    if member.joined_at > utcnow() - CLEAN_YOUNGER_THAN:
        return True
    return (db.session.scalar(select(func.count(Post.id)).where(Post.author_id == member.id)) or 0) <= CLEAN_POSTS


def can_clean(actor: Actor, member: Member) -> bool:
    """Managers after everybody but staff; super users after newcomers, in their spaces."""
    if not policies.can_punish(actor, member):
        return False
    return actor.can(policies.SUSPEND) or is_newcomer(member)


def plan(actor: Actor, member: Member) -> Plan:
    """What cleaning up would do now. Nothing is changed."""
    spaces = scope_of(actor)
    posts = list(db.session.scalars(_to_hide(member.id, spaces)))
    return Plan(
        threads=[post for post in posts if post.opens],
        posts=[post for post in posts if not post.opens],
        votes=db.session.scalar(select(func.count()).select_from(_votes(member.id, spaces).subquery())) or 0,
        cases=len(_cases(member.id, spaces)),
        held=list(db.session.scalars(held.waiting_of_member(member.id, spaces))),
        kind="suspend" if actor.can(policies.SUSPEND) else "silence",
    )


def scope_of(actor: Actor) -> list[int] | None:
    """The spaces in which the actor may clean; None for all."""
    return None if actor.can(policies.PUNISH) else sorted(actor.leads_in)


def clean(actor: Actor, member: Member, *, rule: str, words: str) -> Measure:
    """Do it: the measure against the person at once, the rest at once or, where it is much, by a job."""
    prepared, spaces, me = plan(actor, member), scope_of(actor), actor.id or 0
    head = measures.take(
        prepared.kind,
        rule=rule,
        member_id=member.id,
        by_id=me,
        space_id=spaces[0] if spaces else None,
        words=words,
    )
    head.before = {**head.before, "cleaning": {"spaces": spaces, "total": prepared.items, "closed": []}}
    if prepared.items > CLEAN_AT_ONCE:
        enqueue(go_on, measure_id=head.id)
    else:
        while _portion(head):
            pass
    return head


@job
def go_on(measure_id: int) -> None:
    """One more portion of a long act, unless it was taken back."""
    head = db.session.get_one(Measure, measure_id, with_for_update={"of": Measure})
    if head.ended_at is None and _portion(head):
        enqueue(go_on, measure_id=measure_id)


def _portion(head: Measure) -> bool:
    """Hide some; with the last, turn down what is held, set votes aside and settle the cases. Whether any is left."""
    spaces = head.before["cleaning"]["spaces"]
    posts = list(db.session.scalars(_to_hide(_who(head), spaces, head.id).limit(CLEAN_AT_ONCE)))
    for post in posts:
        kind, id_ = ("thread", post.thread_id) if post.opens else ("post", post.id)
        target = look(kind, id_)
        _take(
            head,
            "hide",
            target_kind=kind,
            target_id=id_,
            space_id=post.thread.space_id,
            removed=target.words if target else "",
        )
    if len(posts) == CLEAN_AT_ONCE:
        return True
    waits = held.waiting_of_member(_who(head), spaces)
    if titles := [row.title for row in db.session.scalars(waits)]:
        removed = "\n".join(titles)[:LONGEST_REMOVED]
        _take(head, "turned_down", about={"spaces": spaces}, space_id=head.space_id, removed=removed)
    if db.session.execute(_votes(_who(head), spaces).limit(1)).first() is not None:
        _take(head, "own_votes", about={"spaces": spaces}, space_id=head.space_id)
    _settle(head, spaces)
    return False


def _who(head: Measure) -> int:
    return head.member_id or 0


def _take(head: Measure, kind: str, **against: Any) -> Measure:
    return measures.take(
        kind, rule=head.rule, words=head.words, member_id=head.member_id, by_id=head.by_id, act_id=head.id, **against
    )


def _to_hide(member_id: int, spaces: Sequence[int] | None, act_id: int = 0) -> Any:
    """What a person wrote and did not delete, and what this act did not hide yet; the words of the desk stay."""
    done_posts = select(Measure.target_id).where(Measure.act_id == act_id, Measure.target_kind == "post")
    done_threads = select(Measure.target_id).where(Measure.act_id == act_id, Measure.target_kind == "thread")
    kept_thread = Thread.hidden_by_id.is_(None) | (Thread.hidden_by_id != Post.author_id)
    kept_post = Post.hidden_by_id.is_(None) | (Post.hidden_by_id != Post.author_id)
    opening = (Post.number == 1) & Thread.id.not_in(done_threads) & kept_thread
    reply = (Post.number > 1) & Post.id.not_in(done_posts) & kept_post
    return (
        select(Post)
        .join(Post.thread)
        .where(Post.author_id == member_id, Post.origin != "desk", Thread.merged_into_id.is_(None))
        .where(opening | reply, _within(spaces))
        .order_by(Post.id)
    )


def _within(spaces: Sequence[int] | None) -> ColumnElement[bool]:
    """Super users neither see nor touch what only staff reads."""
    if spaces is None:
        return true()
    open_ = Thread.restricted.is_(False) & Thread.organisation_id.is_(None)
    return Thread.space_id.in_(spaces) & open_ if spaces else false()


def _votes(member_id: int, spaces: Sequence[int] | None) -> Any:
    given = (
        select(HelpfulVote.post_id).join(Post, Post.id == HelpfulVote.post_id).join(Thread, Thread.id == Post.thread_id)
    )
    return given.where(HelpfulVote.member_id == member_id, _within(spaces))


def _cases(member_id: int, spaces: Sequence[int] | None) -> list[Case]:
    """Open cases about the person and their words; an appeal goes on, for somebody else decides it."""
    about = (Case.member_id == member_id, Case.state != CaseState.DECIDED, Case.kind.in_(("flag", "member", held.KIND)))
    here = [Case.space_id.in_(spaces), Case.staff_only.is_(False)] if spaces is not None else []
    return list(db.session.scalars(select(Case).where(*about, *here).order_by(Case.id)))


def _settle(head: Measure, spaces: Sequence[int] | None) -> None:
    """Cases are decided and reports found right; what rules had done meanwhile gives way to what a person decided."""
    closed = []
    for case in _cases(_who(head), spaces):
        flags = [
            flag.id for flag in db.session.scalars(select(Flag).where(Flag.case_id == case.id, Flag.state == "open"))
        ]
        by_rule = select(Measure).where(Measure.case_id == case.id, Measure.by_id.is_(None), Measure.ended_at.is_(None))
        replaced = [
            one.id
            for one in db.session.scalars(by_rule.where(Measure.kind.in_(("hide", "silence"))))
            if measures.end(one, by_id=head.by_id, how="replaced")
        ]
        closed.append({"case": case.id, "was": _state_of(case), "flags": flags, "replaced": replaced})
        flagging.settle_flags(case, FlagState.UPHELD)
        case.state, case.decision, case.words = CaseState.DECIDED.value, DECISION, head.words
        case.decided_by_id, case.decided_at = head.by_id, utcnow()
        events.record(CaseDecided(actor_id=head.by_id, case_id=case.id, kind=case.kind, decision=DECISION))
    head.before = {**head.before, "cleaning": {**head.before["cleaning"], "closed": closed}}
    db.session.flush()


def _state_of(case: Case) -> dict[str, Any]:
    return {"state": case.state, "words": case.words}


def is_act(measure: Measure) -> bool:
    """Whether it is the head of a cleaning."""
    return "cleaning" in measure.before


def progress(head: Measure) -> tuple[int, int]:
    """How many of how many things are hidden."""
    hidden = select(func.count(Measure.id)).where(Measure.act_id == head.id, Measure.kind == "hide")
    return db.session.scalar(hidden) or 0, int(head.before["cleaning"]["total"])


def turned_down(head: Measure) -> int:
    """How many held texts were turned down; they wait again once the act was taken back."""
    part = select(Measure.id).where(Measure.act_id == head.id, Measure.kind == "turned_down")
    return db.session.scalar(select(func.count(HeldWriting.id)).where(HeldWriting.measure_id.in_(part))) or 0


def can_undo(actor: Actor, head: Measure) -> bool:
    """Whoever did it, and managers, for seven days."""
    open_ = is_act(head) and head.ended_at is None and utcnow() <= head.at + UNDO_WITHIN
    return open_ and actor.id != head.member_id and (actor.id == head.by_id or actor.can(policies.SUSPEND))


def put_back(head: Measure, *, by_id: int, how: str = "undone") -> bool:
    """Take the whole act back: content, votes, points, standing, cases and reports are as they were before."""
    head = db.session.get_one(Measure, head.id, with_for_update={"of": Measure}, populate_existing=True)
    if head.ended_at is not None:
        return False
    _reopen(head.before["cleaning"]["closed"])
    measures.end(head, by_id=by_id, how=how)
    parts = select(Measure).where(Measure.act_id == head.id, Measure.ended_at.is_(None)).order_by(Measure.id.desc())
    for part in db.session.scalars(parts).all():
        measures.end(part, by_id=by_id, how=how)
    return True


def _reopen(closed: Iterable[dict[str, Any]]) -> None:
    for kept in closed:
        case = db.session.get_one(Case, kept["case"], with_for_update={"of": Case}, populate_existing=True)
        newer = select(Case.id).where(
            Case.kind == case.kind,
            Case.target_kind == case.target_kind,
            Case.target_id == case.target_id,
            Case.state != CaseState.DECIDED,
        )
        if case.decision != DECISION or db.session.scalar(newer.limit(1)) is not None:
            continue
        case.state, case.words = kept["was"]["state"], kept["was"]["words"]
        case.decision, case.decided_by_id, case.decided_at = "", None, None
        db.session.execute(
            update(Flag)
            .where(Flag.id.in_(kept["flags"]))
            .values(state=FlagState.OPEN.value, decided_at=None)
            .execution_options(synchronize_session="fetch")
        )
        for measure in db.session.scalars(select(Measure).where(Measure.id.in_(kept["replaced"]))):
            measures.stand_again(measure)


def _void(measure: Measure) -> dict[str, Any]:
    spaces = measure.before.get("spaces")
    voiding.set_aside_given(measure.member_id or 0, act_id=measure.id, by_id=measure.by_id, within=_within(spaces))
    return dict(measure.before)


def _give_back(measure: Measure, by_id: int | None) -> None:
    voiding.give_back(measure.id, by_id=by_id)


def _turn_down(measure: Measure) -> dict[str, Any]:
    held.turn_down(measure.member_id or 0, measure.before.get("spaces"), measure_id=measure.id, words=measure.words)
    return dict(measure.before)


def _let_wait(measure: Measure, _by_id: int | None) -> None:
    held.let_wait(measure.id)


register_measure(
    MeasureKind(
        "turned_down",
        _l("What was held is turned down"),
        _l("What you wrote and nobody had looked at yet was not published"),
        _turn_down,
        _let_wait,
    )
)
register_measure(
    MeasureKind("own_votes", _l("Votes set aside"), _l("The votes that you gave were set aside"), _void, _give_back)
)
