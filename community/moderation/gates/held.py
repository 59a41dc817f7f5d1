"""What is held back: kept with everything that was typed, published once, refused with words, or taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from flask import url_for
from sqlalchemy import CursorResult, Select, delete, func, select, update
from sqlalchemy.orm import joinedload

from community.accounts.models import Member
from community.core import events
from community.core.db import db, utcnow
from community.core.jobs import every
from community.core.policies import Actor
from community.drafts import operations as drafts
from community.drafts.models import Draft, DraftKind, Place
from community.drafts.operations import Basis, TooManyDrafts, Words
from community.forum.composing.gates import Kept, Verdict, Way, Writing, register_holder
from community.forum.composing.publishing import Typed, place_of
from community.forum.models import Thread
from community.forum.rendering import rendered

from ..cases import open_case, settle, waiting_case
from ..models import Case, CaseState
from .events import HeldPublished, HeldRefused, HeldReopened, HeldTakenBack, WritingHeld
from .held_kinds import HeldKind, Waiting, held_kind
from .models import HeldState, HeldWriting

KIND = "held"
KEPT = timedelta(days=90)  # what was decided, for whoever wrote it
LISTED = 100


@dataclass(frozen=True)
class Said:
    """What reviewers and its author read of something that waits."""

    title: str
    body: str
    html: str
    language: str


def hold(who: Actor, kept: Kept, verdict: Verdict) -> str:
    """Keep it until somebody looked at it; where its author finds it. The same words twice wait once."""
    about, typed = kept.writing, kept.typed
    same = _same(who.id or 0, kept)
    if same is not None:
        return list_of(same)
    thread = db.session.get(Thread, about.thread_id) if about.thread_id is not None else None
    shown = rendered(typed.body, by_id=who.id)
    title = typed.title or (thread.title if thread is not None else "")
    form, staff_only = dict(kept.form), _is_for_staff(typed, thread)
    said = Said(title, typed.body, shown.html, shown.language)
    return _keep(about, verdict, said, typed.kept(), form=form, staff_only=staff_only)


def hold_back(about: Writing, verdict: Verdict, said: Said, typed: dict[str, Any]) -> str:
    """Keep something that is no post, in place of what waits of it already; `typed["of"]` says of what. The address at
    which it waits.
    """
    waits = (HeldWriting.member_id == about.who, HeldWriting.kind == about.kind.value)
    for row in db.session.scalars(select(HeldWriting).where(*waits, HeldWriting.state == HeldState.WAITING)).all():
        if row.typed.get("of") == typed["of"]:
            take_back(row)
    return _keep(about, verdict, said, typed)


def _keep(
    about: Writing,
    verdict: Verdict,
    said: Said,
    typed: dict[str, Any],
    *,
    form: dict[str, Any] | None = None,
    staff_only: bool = False,
) -> str:
    row = HeldWriting(
        member_id=about.who,
        kind=about.kind.value,
        space_id=about.space_id,
        thread_id=about.thread_id,
        title=said.title,
        body=said.body,
        html=said.html,
        language=said.language,
        typed=typed,
        form=form or {},
        rule=verdict.rule,
        found=verdict.why,
        ip=about.ip,
    )
    db.session.add(row)
    db.session.flush()
    _open(row, staff_only=staff_only)
    return list_of(row)


def list_of(row: HeldWriting) -> str:
    """Where its author finds it among what waits of theirs."""
    return url_for("held.waiting", _anchor=f"held-{row.id}")


def own_text(member_id: int, kind: str, of: str, held_id: int) -> Mapping[str, Any]:
    """What somebody typed and was not published, to go on with; nothing where it is none of theirs."""
    row = held(held_id) if held_id else None
    known = row is not None and (row.member_id, row.kind, row.typed.get("of")) == (member_id, kind, of)
    return row.typed if row is not None and known and row.state != HeldState.PUBLISHED else {}


def waiting_at(member_id: int, kind: str, of: str) -> str:
    """Where something that is no post waits; "" where nothing does."""
    mine = (HeldWriting.member_id == member_id, HeldWriting.kind == kind, HeldWriting.state == HeldState.WAITING)
    rows = db.session.scalars(select(HeldWriting).where(*mine))
    return next((list_of(row) for row in rows if row.typed.get("of") == of), "")


def _same(member_id: int, kept: Kept) -> HeldWriting | None:
    return db.session.scalar(
        select(HeldWriting).where(
            HeldWriting.member_id == member_id,
            HeldWriting.state == HeldState.WAITING,
            HeldWriting.kind == kept.writing.kind.value,
            HeldWriting.body == kept.typed.body,
            HeldWriting.space_id == kept.writing.space_id,
            func.coalesce(HeldWriting.thread_id, 0) == (kept.writing.thread_id or 0),
        )
    )


def _is_for_staff(typed: Typed, thread: Thread | None) -> bool:
    if thread is not None:
        return thread.restricted or thread.organisation_id is not None
    return typed.organisation_id is not None


def _open(row: HeldWriting, *, staff_only: bool) -> None:
    open_case(
        KIND,
        KIND,
        row.id,
        rule=row.rule,
        space_id=row.space_id,
        member_id=row.member_id,
        staff_only=staff_only,
        by_id=row.member_id,
    )
    events.record(WritingHeld(actor_id=row.member_id, held_id=row.id, rule=row.rule))


def held(held_id: int) -> HeldWriting | None:
    """A row, whoever asks."""
    return db.session.get(HeldWriting, held_id)


def own(member_id: int) -> Sequence[HeldWriting]:
    """What waits of a person, and what was refused lately; the newest first."""
    wanted = select(HeldWriting).where(
        HeldWriting.member_id == member_id, HeldWriting.state.in_((HeldState.WAITING, HeldState.REFUSED))
    )
    return db.session.scalars(
        wanted.options(joinedload(HeldWriting.space)).order_by(HeldWriting.id.desc()).limit(LISTED)
    ).all()


def waiting_of(row: HeldWriting) -> Waiting:
    """The row as its kind knows it."""
    return Waiting(row.id, row.member_id, row.rule, row.typed, row.before)


def _kind(row: HeldWriting) -> HeldKind:
    kind = held_kind(row.kind)
    if kind is None:
        raise LookupError(f"the package that knows {row.kind} is not loaded")
    return kind


def can_be_published(row: HeldWriting) -> bool:
    """Whether its author could publish it now: they are still here, and its place takes it."""
    author, kind = db.session.get(Member, row.member_id), held_kind(row.kind)
    if not row.waits or kind is None or author is None or author.suspended_at is not None:
        return False
    return kind.fits(waiting_of(row))


def publish_held(row: HeldWriting, *, by_id: int) -> None:
    """Publish it now, once. The case was decided in this transaction, so nobody else does the same."""
    _change(row, HeldState.PUBLISHED)
    row.before = _kind(row).publish(waiting_of(row), by_id)
    row.post_id = row.before.get("post")
    fact = HeldPublished(actor_id=by_id, held_id=row.id, member_id=row.member_id, post_id=row.post_id or 0)
    events.record(fact)


def refuse_held(row: HeldWriting, *, by_id: int, words: str) -> Draft | None:
    """Leave it unpublished; its author reads why, and has their text among their drafts. The draft, if there is one."""
    _change(row, HeldState.REFUSED, words=words)
    kind = _kind(row)
    if row.before and kind.stands(waiting_of(row)):  # it was published, taken back, and shown again by somebody
        row.before = kind.withdraw(waiting_of(row), by_id)
    events.record(HeldRefused(actor_id=by_id, held_id=row.id, member_id=row.member_id))
    return to_drafts(row)


def still_stands(row: HeldWriting) -> bool:
    """Whether what was published of it is as it was left, so that it can wait again."""
    kind = held_kind(row.kind)
    return row.state == HeldState.PUBLISHED and kind is not None and kind.stands(waiting_of(row))


def unpublish(row: HeldWriting, *, by_id: int) -> None:
    """Let it wait again: nobody else reads it from now on, and it is published a second time without being told of."""
    _change(row, HeldState.WAITING, since=HeldState.PUBLISHED)
    row.before = _kind(row).withdraw(waiting_of(row), by_id)
    events.record(HeldReopened(actor_id=by_id, held_id=row.id, member_id=row.member_id, was=HeldState.PUBLISHED.value))


def can_wait_again(row: HeldWriting, draft: Mapping[str, int]) -> bool:
    """Whether what was refused can wait again: its author neither goes on with the text nor has sent it again."""
    if row.state != HeldState.REFUSED or row.measure_id is not None or held_kind(row.kind) is None:
        return False
    if draft:
        same = select(Draft.id).where(Draft.id == draft["id"], Draft.version == draft["version"])
        return db.session.scalar(same) is not None
    again = select(HeldWriting).where(
        HeldWriting.id > row.id,
        HeldWriting.member_id == row.member_id,
        HeldWriting.kind == row.kind,
        HeldWriting.state.in_((HeldState.WAITING, HeldState.PUBLISHED)),
    )
    return not any(_same_place(row, other) for other in db.session.scalars(again))


def _same_place(row: HeldWriting, other: HeldWriting) -> bool:
    if _kind(row).goes_on is not None:
        return row.typed.get("of") == other.typed.get("of")
    return (row.space_id, row.thread_id, row.body) == (other.space_id, other.thread_id, other.body)


def wait_again(row: HeldWriting, draft: Mapping[str, int], *, by_id: int) -> None:
    """Take a refusal back: it waits as before, and the draft that the refusal made is gone."""
    _change(row, HeldState.WAITING, since=HeldState.REFUSED)
    if draft:
        drafts.remove(row.member_id, draft["id"])
    events.record(HeldReopened(actor_id=by_id, held_id=row.id, member_id=row.member_id, was=HeldState.REFUSED.value))


def take_back(row: HeldWriting) -> bool:
    """Its author takes it back; False where somebody decided meanwhile.

    The case is locked first, as whoever decides locks it, so that only one of both happens.
    """
    if waiting_case(KIND, KIND, row.id) is None:
        return False
    db.session.refresh(row)
    if not row.waits:
        return False
    _change(row, HeldState.TAKEN_BACK)
    settle(KIND, KIND, row.id, decision="taken_back", by_id=None)
    events.record(HeldTakenBack(actor_id=row.member_id, held_id=row.id))
    return True


def waiting_of_member(member_id: int, spaces: Sequence[int] | None) -> Select[HeldWriting]:
    """What waits of a person, in these spaces but for what only staff may read; everywhere without spaces."""
    case = (Case.kind == KIND) & (Case.target_id == HeldWriting.id) & (Case.state != CaseState.DECIDED)
    waits = (HeldWriting.member_id == member_id, HeldWriting.state == HeldState.WAITING)
    here = (Case.space_id.in_(spaces), Case.staff_only.is_(False)) if spaces is not None else ()
    return select(HeldWriting).join(Case, case).where(*waits, *here).order_by(HeldWriting.id)


def turn_down(member_id: int, spaces: Sequence[int] | None, *, measure_id: int, words: str) -> None:
    """Turn all of it down by a measure. The cases are locked first, as whoever decides locks them; they are not
    settled here, and no drafts are made.
    """
    wanted = waiting_of_member(member_id, spaces).with_only_columns(HeldWriting.id).with_for_update(of=Case)
    ids = db.session.scalars(wanted).all()
    down = {"state": HeldState.REFUSED.value, "words": words, "decided_at": utcnow(), "measure_id": measure_id}
    waits = (HeldWriting.id.in_(ids), HeldWriting.state == HeldState.WAITING)
    db.session.execute(update(HeldWriting).where(*waits).values(**down))


def let_wait(measure_id: int) -> None:
    """Whatever was turned down by a measure waits as before."""
    waits = {"state": HeldState.WAITING.value, "words": "", "decided_at": None, "measure_id": None}
    turned = (HeldWriting.measure_id == measure_id, HeldWriting.state == HeldState.REFUSED)
    db.session.execute(update(HeldWriting).where(*turned).values(**waits))


def _change(row: HeldWriting, state: HeldState, *, since: HeldState = HeldState.WAITING, words: str = "") -> None:
    changed = (
        update(HeldWriting)
        .where(HeldWriting.id == row.id, HeldWriting.state == since)
        .values(state=state.value, words=words, decided_at=None if state == HeldState.WAITING else utcnow())
    )
    done = cast(CursorResult[Any], db.session.execute(changed, execution_options={"synchronize_session": False}))
    if not done.rowcount:
        raise LookupError(f"held writing {row.id} is not {since} any more")
    db.session.refresh(row)


def address_of(row: HeldWriting) -> str:
    """Where it stands; "" where its package is not loaded."""
    kind = held_kind(row.kind)
    return kind.address(waiting_of(row)) if kind is not None else ""


def goes_on(row: HeldWriting) -> str:
    """Where its author finds the text in a form again; "" where it is among their drafts instead."""
    kind = held_kind(row.kind)
    return kind.goes_on(waiting_of(row)) if kind is not None and kind.goes_on is not None else ""


def to_drafts(row: HeldWriting) -> Draft | None:
    """Put the text among its author's drafts; nothing where they have too many, but then it stays on their list, and
    where it has a form of its own.
    """
    if goes_on(row):
        return None
    form = {name: values for name, values in row.form.items() if name != "space"}
    slug = row.space.slug if row.space is not None else ""
    title = row.title if row.kind == Way.THREAD or Typed.from_kept(row.typed).title else ""
    words = Words(title, row.body, slug if row.kind == Way.THREAD else "", form)
    try:
        return drafts.keep(row.member_id, _place(row), words, Basis())
    except TooManyDrafts:
        return None


def _place(row: HeldWriting) -> Place:
    typed = Typed.from_kept(row.typed)
    if row.kind == Way.THREAD:
        return Place(DraftKind.THREAD)
    if row.kind == Way.EDIT and typed.post_id is not None:
        return Place(DraftKind.EDIT, typed.post_id)
    thread = place_of(typed)
    return Place(DraftKind.REPLY, thread.id if thread is not None else typed.thread_id or 0)


@every(hours=24)
def forget_held() -> None:
    """What was decided long ago is removed; what was published stands where it was published."""
    decided = HeldWriting.state != HeldState.WAITING
    db.session.execute(delete(HeldWriting).where(decided, HeldWriting.decided_at < utcnow() - KEPT))


register_holder(hold)
