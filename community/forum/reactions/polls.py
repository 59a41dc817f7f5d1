"""Polls in opening posts. Votes are rows, and what a poll shows is counted from them, so it is always exact."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint, case, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, aliased, mapped_column

from community.accounts.models import Member
from community.core.db import Base, db, utcnow
from community.core.jobs import every
from community.core.policies import Actor

from ..models import BigId, Thread

MOST_OPTIONS, FEWEST_OPTIONS, LONGEST_OPTION = 10, 2, 120
NAMES_SHOWN = 200


class Results(StrEnum):
    """When people see how a poll stands."""

    ALWAYS = "always"
    AFTER_VOTING = "voting"
    AFTER_CLOSING = "closing"


class Poll(Base):
    """`question` is empty where it is the thread's title. `noted` once the thread's page knows that it has closed."""

    __tablename__ = "poll"

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(160), default="")
    multiple: Mapped[bool] = mapped_column(default=False)
    named: Mapped[bool] = mapped_column(default=False)
    results: Mapped[str] = mapped_column(String(10), default=Results.ALWAYS.value)
    closes_at: Mapped[datetime | None] = mapped_column(index=True)
    noted: Mapped[bool] = mapped_column(default=False)

    @property
    def closed(self) -> bool:
        """Whether it takes no more votes."""
        return self.closes_at is not None and self.closes_at <= utcnow()


class PollOption(Base):
    """One of the answers that a poll offers."""

    __tablename__ = "poll_option"
    __table_args__ = (UniqueConstraint("thread_id", "position"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("poll.thread_id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(LONGEST_OPTION))


class PollVote(Base):
    """A member chose an option; the key makes a second such vote impossible."""

    __tablename__ = "poll_vote"

    option_id: Mapped[int] = mapped_column(ForeignKey("poll_option.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("poll.thread_id"), index=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)


@dataclass(frozen=True)
class Asked:
    """What a poll is made of; `options` are two to ten different texts."""

    options: tuple[str, ...]
    multiple: bool = False
    named: bool = False
    results: Results = Results.ALWAYS
    closes_at: datetime | None = None


def begin(thread: Thread, asked: Asked) -> None:
    """Put a poll into a thread that has none."""
    db.session.add(
        Poll(
            thread_id=thread.id,
            multiple=asked.multiple,
            named=asked.named,
            results=asked.results.value,
            closes_at=asked.closes_at,
        )
    )
    db.session.flush()
    db.session.add_all(
        PollOption(thread_id=thread.id, position=position, text=text) for position, text in enumerate(asked.options, 1)
    )
    thread.has_poll = True
    thread.touch()


def move(source: Thread, target: Thread) -> None:
    """Take the poll of a thread into another one that has none, with all votes; its question stays what it was."""
    poll = _locked(source.id)
    if poll is None:
        return
    kept = {name: getattr(poll, name) for name in ("multiple", "named", "results", "closes_at", "noted")}
    db.session.add(Poll(thread_id=target.id, question=poll.question or source.title, **kept))
    db.session.flush()
    for rows in (PollOption, PollVote):
        moving = update(rows).where(rows.thread_id == source.id).values(thread_id=target.id)
        db.session.execute(moving, execution_options={"synchronize_session": False})
    db.session.expire_all()
    db.session.delete(poll)
    source.has_poll, target.has_poll = False, True
    target.touch()


def vote(thread: Thread, option_ids: Collection[int], *, member_id: int) -> bool:
    """Put these options in place of what the member chose before, none takes the vote back; False where it is refused.

    Refused are votes after closing, options of other polls, and several where one may be chosen.
    """
    poll = _locked(thread.id)
    wanted = set(option_ids)
    if poll is None or poll.closed or (len(wanted) > 1 and not poll.multiple):
        return False
    offered = set(db.session.scalars(select(PollOption.id).where(PollOption.thread_id == thread.id)))
    if not wanted <= offered:
        return False
    db.session.execute(delete(PollVote).where(PollVote.thread_id == thread.id, PollVote.member_id == member_id))
    if wanted:
        rows = [{"option_id": id_, "member_id": member_id, "thread_id": thread.id} for id_ in sorted(wanted)]
        db.session.execute(insert(PollVote), rows)
    thread.touch()
    return True


def _locked(thread_id: int) -> Poll | None:
    """The poll, for one voter at a time, so that two requests of one person leave one vote."""
    return db.session.scalar(select(Poll).where(Poll.thread_id == thread_id).with_for_update())


@every(minutes=5)
def note_closing() -> None:
    """Pages of threads whose poll has closed show something else from now on."""
    closed = (
        update(Poll)
        .where(Poll.closes_at <= utcnow(), Poll.noted.is_(False))
        .values(noted=True)
        .returning(Poll.thread_id)
    )
    ids = list(db.session.scalars(closed))
    if ids:
        db.session.execute(update(Thread).where(Thread.id.in_(ids)).values(version=Thread.version + 1))


@dataclass(frozen=True)
class OptionView:
    """An option as the reader sees it; `votes` is None where the reader may not know yet. `share` is in percent."""

    id: int
    text: str
    mine: bool
    votes: int | None
    share: int
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PollView:
    """A poll as the reader sees it."""

    poll: Poll
    options: Sequence[OptionView]
    voters: int
    voted: bool
    shown: bool
    can_vote: bool


def poll_of(thread: Thread, actor: Actor) -> PollView | None:
    """The thread's poll, in one statement, and one more for the names where they are to be seen."""
    if not thread.has_poll:
        return None
    cast_votes = aliased(PollVote)
    voters_here = (
        select(func.count(cast_votes.member_id.distinct())).where(cast_votes.thread_id == thread.id).scalar_subquery()
    )
    mine = func.max(case((PollVote.member_id == (actor.id or 0), 1), else_=0))
    rows = db.session.execute(
        select(Poll, PollOption, func.count(PollVote.member_id), mine, voters_here)
        .join(PollOption, PollOption.thread_id == Poll.thread_id)
        .outerjoin(PollVote, PollVote.option_id == PollOption.id)
        .where(Poll.thread_id == thread.id)
        .group_by(Poll.thread_id, PollOption.id)
        .order_by(PollOption.position)
    ).all()
    if not rows:
        return None
    poll, voters, voted = rows[0][0], rows[0][4], any(row[3] for row in rows)
    shown = _shows(poll, voted=voted)
    names = _names(thread.id) if shown and poll.named and voters else {}
    views = [
        OptionView(
            id=option.id,
            text=option.text,
            mine=bool(own),
            votes=votes if shown else None,
            share=round(100 * votes / voters) if shown and voters else 0,
            names=tuple(names.get(option.id, ())),
        )
        for _poll, option, votes, own, _voters_again in rows
    ]
    return PollView(poll, views, voters, voted, shown, can_vote(actor, thread, poll))


def _shows(poll: Poll, *, voted: bool) -> bool:
    if poll.closed or poll.results == Results.ALWAYS:
        return True
    return voted and poll.results == Results.AFTER_VOTING


def can_vote(actor: Actor, thread: Thread, poll: Poll) -> bool:
    """Members vote until the poll closes, while the thread takes replies."""
    return actor.is_member and not poll.closed and thread.closed_at is None and thread.hidden_at is None


def _names(thread_id: int) -> dict[int, list[tuple[str, str]]]:
    rows = db.session.execute(
        select(PollVote.option_id, Member.handle, Member.name)
        .join(Member, Member.id == PollVote.member_id)
        .where(PollVote.thread_id == thread_id)
        .order_by(PollVote.at, Member.id)
        .limit(NAMES_SHOWN)
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for option_id, handle, name in rows:
        found.setdefault(option_id, []).append((handle, name))
    return found
