"""Whatever happens to a thread may change what the rules say of it. Safe to run twice, in any order."""

from bridge.events import QueryClosed, QueryDeclined, QueryEvent, QueryReceived, ThreadJoined
from community import public
from community.core.db import utcnow
from community.core.events import Fact, subscribe
from community.forum.events import (
    AnswerAccepted,
    AnswerUnaccepted,
    HaveTooAdded,
    HaveTooRemoved,
    PostEdited,
    PostHidden,
    PostRestored,
    ReplyPosted,
    ThreadClosed,
    ThreadEvent,
    ThreadHidden,
    ThreadReopened,
    ThreadRestored,
    ThreadStarted,
)
from community.organisations.events import MembersAssigned, OrganisationChanged, OrganisationDeleted
from community.spaces.events import SpaceChanged

from .looking import look_at_thread
from .watches import look_again, look_again_at_those_of


@subscribe(
    ThreadStarted,
    ReplyPosted,
    AnswerAccepted,
    AnswerUnaccepted,
    HaveTooAdded,
    HaveTooRemoved,
    PostEdited,
    PostHidden,
    PostRestored,
    ThreadClosed,
    ThreadReopened,
    ThreadHidden,
    ThreadRestored,
)
def look_after_news(event: ThreadEvent, _fact: Fact) -> None:
    """Something was said or done in the thread."""
    _look(event.thread_id)


@subscribe(QueryReceived, QueryClosed, QueryDeclined)
def look_after_query(event: QueryEvent, _fact: Fact) -> None:
    """Its query came, or is over."""
    for thread_id in event.thread_ids:
        _look(thread_id)


@subscribe(ThreadJoined)
def look_after_joining(event: ThreadJoined, _fact: Fact) -> None:
    """It travels with another one's query."""
    _look(event.thread_id)


@subscribe(MembersAssigned)
def look_after_assigning(event: MembersAssigned, _fact: Fact) -> None:
    """Authors belong to another organisation now, or to none."""
    look_again_at_those_of(event.member_ids, utcnow())


@subscribe(OrganisationDeleted)
def look_after_deleting(event: OrganisationDeleted, _fact: Fact) -> None:
    """Authors belong to none any more."""
    look_again_at_those_of(event.member_ids, utcnow())


@subscribe(OrganisationChanged)
def look_after_organisation(event: OrganisationChanged, _fact: Fact) -> None:
    """It has another name or service level."""
    if {"name", "service_level"} & set(event.changed):
        look_again(None, utcnow())


@subscribe(SpaceChanged)
def look_after_space(event: SpaceChanged, _fact: Fact) -> None:
    """Its threads are about another service now."""
    if "service" in event.changed:
        look_again(event.space_id, utcnow())


def _look(thread_id: int) -> None:
    thread = public.thread_snapshot(thread_id)
    if thread is not None and thread.kind != "announcement":
        look_at_thread(thread_id, space_id=thread.space.id)
