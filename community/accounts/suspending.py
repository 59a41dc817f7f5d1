"""Suspending accounts, and lifting it again: on the record, and at once in every browser."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete

from community.core import events
from community.core.db import db, utcnow
from community.core.events import Event

from .models import Member, SignIn


@dataclass(frozen=True, kw_only=True)
class MemberSuspended(Event):
    """An account was suspended; all its sign-ins have ended."""

    name = "accounts.member.suspended"
    subject = "member_id"
    member_id: int


@dataclass(frozen=True, kw_only=True)
class MemberReinstated(Event):
    """A suspended account can be used again."""

    name = "accounts.member.reinstated"
    subject = "member_id"
    member_id: int


_explained: list[Callable[[Member], str | None]] = []


def explains(function: Callable[[Member], str | None]) -> Callable[[Member], str | None]:
    """Let whoever keeps the reasons say them to a suspended person who signs in; None where it is over."""
    _explained[:] = [function]
    return function


def refusal(member: Member) -> str | None:
    """Why this person cannot sign in, in their words and perhaps with a link; None where they can."""
    if member.suspended_at is None:
        return None
    if not _explained:
        return _("This account is suspended. Write to the people who run this community.")
    return _explained[0](member)


def suspend(member: Member, *, by_id: int | None) -> None:
    """End every sign-in and admit no new one. Does nothing for an account that is suspended already."""
    if member.suspended_at is not None:
        return
    member.suspended_at = utcnow()
    db.session.execute(delete(SignIn).where(SignIn.member_id == member.id))
    events.record(MemberSuspended(actor_id=by_id, member_id=member.id))


def reinstate(member: Member, *, by_id: int | None) -> None:
    """Let the member sign in again."""
    if member.suspended_at is None:
        return
    member.suspended_at = None
    events.record(MemberReinstated(actor_id=by_id, member_id=member.id))
