"""Calling gatherings, changing them, calling them off; answers, attendance and what follows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sqlalchemy import delete, select, update

from community.core import events
from community.core.db import db, utcnow
from community.forum import operations as forum
from community.forum.dates.operations import When
from community.forum.models import Kind, Thread
from community.forum.rendering import rendered
from community.spaces.models import Space

from . import queries
from .events import GatheringCancelled, GatheringChanged, PeopleInvited
from .models import FollowUp, Gathering, GatheringGuest
from .sending import CANCEL, REQUEST, send_later


@dataclass(frozen=True)
class Call:
    """What is said about a gathering: what, when, and whom it is for."""

    title: str
    agenda: str
    when: When
    audience: tuple[str, ...]


def call(said: Call, *, by_id: int) -> Gathering:
    """Call a gathering and invite everybody whom it is for."""
    made = Gathering(by_id=by_id, uid=str(uuid4()), sequence=0, timed_at=0)
    _write(made, said)
    db.session.add(made)
    db.session.flush()
    _invite(made, queries.meant_by(said.audience), by_id)
    return made


def change(gathering: Gathering, said: Call, *, by_id: int) -> None:
    """Say it anew. Whoever was invited hears of changes, whoever no longer is that it is off for them.

    Where the hours change, everybody is asked again. Of what is over only the words change: nobody is invited to it,
    and who was there stays.
    """
    if max(gathering.ends_at, said.when.ends_at) <= utcnow():
        _write(gathering, said)
        return
    hours = gathering.starts_at, gathering.ends_at
    changed = _write(gathering, said)
    moved = hours != (gathering.starts_at, gathering.ends_at)
    before, after = _invited(gathering.id), queries.meant_by(said.audience)
    if changed:
        _count(gathering)
    if moved:
        gathering.timed_at = gathering.sequence
        again = update(GatheringGuest).where(GatheringGuest.gathering_id == gathering.id)
        db.session.execute(again.values(answer="", answered_at=None))
    _uninvite(gathering, before - after, by_id)
    if changed:
        _tell_change(gathering, before & after, by_id)
    _invite(gathering, after - before, by_id)


def _write(gathering: Gathering, said: Call) -> bool:
    """Take over what was said; whether calendars must learn of it."""
    wanted = {"title": said.title, "agenda": said.agenda, **vars(said.when)}
    changed = [name for name, value in wanted.items() if getattr(gathering, name) != value]
    for name in changed:
        setattr(gathering, name, wanted[name])
    if "agenda" in changed:
        gathering.agenda_html = rendered(said.agenda).html
    gathering.audience = list(said.audience)
    return bool(changed)


def _count(gathering: Gathering) -> None:
    gathering.sequence += 1
    gathering.changed_at = utcnow()


def _invited(gathering_id: int) -> set[int]:
    return set(db.session.scalars(select(GatheringGuest.member_id).where(GatheringGuest.gathering_id == gathering_id)))


def _invite(gathering: Gathering, member_ids: Collection[int], by_id: int) -> None:
    if not member_ids:
        return
    ids = tuple(sorted(member_ids))
    db.session.add_all(GatheringGuest(gathering_id=gathering.id, member_id=id_) for id_ in ids)
    db.session.flush()
    events.record(PeopleInvited(actor_id=by_id, gathering_id=gathering.id, member_ids=ids))
    send_later(gathering, ids, REQUEST)


def _tell_change(gathering: Gathering, member_ids: Collection[int], by_id: int) -> None:
    if member_ids:
        ids = tuple(sorted(member_ids))
        events.record(GatheringChanged(actor_id=by_id, gathering_id=gathering.id, member_ids=ids))
        send_later(gathering, ids, REQUEST)


def _uninvite(gathering: Gathering, member_ids: Collection[int], by_id: int) -> None:
    if member_ids:
        ids = tuple(sorted(member_ids))
        gone = GatheringGuest.gathering_id == gathering.id, GatheringGuest.member_id.in_(ids)
        db.session.execute(delete(GatheringGuest).where(*gone))
        _tell_off(gathering, ids, by_id)


def _tell_off(gathering: Gathering, ids: tuple[int, ...], by_id: int) -> None:
    fact = GatheringCancelled(actor_id=by_id, gathering_id=gathering.id, member_ids=ids)
    events.record(fact)
    send_later(gathering, ids, CANCEL)


def cancel(gathering: Gathering, *, by_id: int) -> None:
    """Call it off; it stays where it is and says so."""
    gathering.cancelled_at = utcnow()
    _count(gathering)
    _tell_off(gathering, tuple(sorted(_invited(gathering.id))), by_id)


def answer(guest: GatheringGuest, word: str) -> None:
    """Say whether one comes."""
    guest.answer, guest.answered_at = word, utcnow()


def take_attendance(gathering: Gathering, there: Collection[int]) -> None:
    """Say who of the invited was there."""
    rows = select(GatheringGuest).where(GatheringGuest.gathering_id == gathering.id)
    for guest in db.session.scalars(rows).all():
        guest.attended = guest.member_id in there


def share(gathering: Gathering, space: Space, body: str, *, by_id: int) -> None:
    """Put material into the gathering's thread in the inner space, which is begun with the first of it."""
    thread = db.session.get(Thread, gathering.thread_id) if gathering.thread_id else None
    if thread is None or thread.closed_at is not None or thread.hidden_at is not None:
        kind = Kind.DISCUSSION.value
        made = forum.start_thread(space=space, author_id=by_id, kind=kind, title=gathering.title, body=body)
        gathering.thread_id = made.id
    else:
        forum.reply(thread, author_id=by_id, body=body)


def note_follow_up(gathering: Gathering, text: str, member_id: int, due: date | None) -> FollowUp:
    """Say what somebody does after it."""
    made = FollowUp(gathering_id=gathering.id, text=text, member_id=member_id, due=due)
    db.session.add(made)
    db.session.flush()
    return made


def settle_follow_up(row: FollowUp) -> None:
    """Done; or, a second time, not done after all."""
    row.done_at = None if row.done_at else utcnow()
