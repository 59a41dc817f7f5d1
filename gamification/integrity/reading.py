"""The table of votes as the facts leave it: what was taken back, or set aside, is not in it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import or_, select

from community import public
from community.core.db import db
from community.core.events import Event, EventRecord, restore
from community.forum.events import (
    AnswerAccepted,
    AnswerUnaccepted,
    HelpfulMarked,
    HelpfulUnmarked,
    NotHelpfulMarked,
    NotHelpfulUnmarked,
    ThreadMerged,
    ThreadSplit,
    ThreadStarted,
    VoteGivenBack,
    VoteSetAside,
)
from community.importing.events import AcceptanceImported

from .table import Accepted, Table, Vote

READ = (
    HelpfulMarked,
    HelpfulUnmarked,
    NotHelpfulMarked,
    NotHelpfulUnmarked,
    VoteSetAside,
    VoteGivenBack,
    AnswerAccepted,
    AnswerUnaccepted,
    AcceptanceImported,
    ThreadStarted,
    ThreadSplit,
    ThreadMerged,
)
AT_ONCE = 5000
UNKNOWN = float("inf")


@dataclass
class Known:
    """What the facts add up to, one after the other. Until the end, votes carry their thread in place of its space."""

    votes: dict[tuple[int, int], Vote] = field(default_factory=dict)
    aside: set[tuple[int, int]] = field(default_factory=set)
    accepted: dict[int, Accepted] = field(default_factory=dict)
    begun: dict[int, tuple[int, datetime]] = field(default_factory=dict)

    def learn(self, event: Event, at: datetime) -> None:
        """Take in one more fact, later than all before."""
        match event:
            case (
                ThreadStarted(thread_id=thread_id, actor_id=int(asker))
                | ThreadSplit(new_thread_id=thread_id, author_id=int(asker))
            ):
                self.begun[thread_id] = asker, at
            case HelpfulMarked(actor_id=int(voter)) | NotHelpfulMarked(actor_id=int(voter)):
                self._vote(event, voter, at)
            case (
                HelpfulUnmarked(post_id=post, actor_id=int(voter))
                | NotHelpfulUnmarked(post_id=post, actor_id=int(voter))
            ):
                self.votes.pop((voter, post), None)
            case VoteSetAside(post_id=post, voter_id=voter):
                self.aside.add((voter, post))
            case VoteGivenBack(post_id=post, voter_id=voter):
                self.aside.discard((voter, post))
            case _:
                self._answer(event, at)

    def _vote(self, event: HelpfulMarked | NotHelpfulMarked, voter: int, at: datetime) -> None:
        asker, _since = self.begun.get(event.thread_id, (0, at))
        helpful = isinstance(event, HelpfulMarked)
        self.votes[voter, event.post_id] = Vote(
            voter, event.author_id, event.post_id, event.thread_id, at, helpful, asker == voter
        )

    def _answer(self, event: Event, at: datetime) -> None:
        match event:
            case AnswerAccepted(thread_id=thread_id, solver_id=solver, origin="peer"):
                asker, since = self.begun.get(thread_id, (0, at))
                minutes = (at - since).total_seconds() / 60
                if event.actor_id == asker:
                    self.accepted[thread_id] = Accepted(asker, solver, thread_id, thread_id, at, minutes)
            case AcceptanceImported(thread_id=thread_id, asker_id=asker, solver_id=solver):
                self.accepted[thread_id] = Accepted(asker, solver, thread_id, thread_id, at, UNKNOWN)
            case AnswerUnaccepted(thread_id=thread_id):
                self.accepted.pop(thread_id, None)
            case ThreadMerged(thread_id=source, target_id=target) if target not in self.accepted:
                if source in self.accepted:
                    self.accepted[target] = self.accepted.pop(source)

    def table(self) -> Table:
        """What stands in the end, with spaces in place of threads."""
        votes = [vote for key, vote in self.votes.items() if key not in self.aside]
        accepted = list(self.accepted.values())
        spaces = public.spaces_of_threads({vote.space for vote in votes} | {one.space for one in accepted})
        return Table(
            [replace(vote, space=spaces.get(vote.space, 0)) for vote in votes],
            [replace(one, space=spaces.get(one.space, 0)) for one in accepted],
            public.joined_at({vote.voter for vote in votes}),
        )


def table_of_votes(since: datetime) -> Table:
    """Votes and acceptances that stand and were given since then, from the facts in the order of their records."""
    wanted = or_(EventRecord.at >= since, EventRecord.name == ThreadStarted.name)
    rows = db.session.scalars(
        select(EventRecord)
        .where(EventRecord.name.in_([kind.name for kind in READ]), wanted)
        .order_by(EventRecord.id)
        .execution_options(yield_per=AT_ONCE)
    )
    return learned((restore(row), row.at) for row in rows)


def learned(facts: Iterable[tuple[Event, datetime]]) -> Table:
    """The table that these facts leave."""
    known = Known()
    for event, at in facts:
        known.learn(event, at)
    return known.table()
