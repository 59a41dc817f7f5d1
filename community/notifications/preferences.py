"""What people chose to be told, and how; also the signed links by which mail of a kind is ended."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.following.models import Level
from community.following.operations import choose as follow
from community.following.operations import thread as following_thread
from community.forum.models import Thread

from . import kinds
from .models import NotificationPreference, Rhythm
from .planning import row_of

DIGEST = "digest"  # what a link ends beside mail of a kind and mail about a thread
_THREAD = "thread:"


@dataclass(frozen=True)
class Choice:
    """The channels of one kind for one person."""

    kind: kinds.Kind
    in_app: bool
    mail: bool
    push: bool


def choices_of(member_id: int) -> list[Choice]:
    """A person's choices for every kind."""
    chosen = {
        row.kind: row
        for row in db.session.scalars(
            select(NotificationPreference).where(NotificationPreference.member_id == member_id)
        )
    }
    return [_choice(kind, chosen.get(kind.key)) for kind in kinds.all_kinds()]


def choices_for(kind_key: str, member_ids: Iterable[int]) -> dict[int, Choice]:
    """Several people's choices for one kind."""
    kind, wanted = kinds.kind(kind_key), list(member_ids)
    rows = db.session.scalars(
        select(NotificationPreference).where(
            NotificationPreference.kind == kind_key, NotificationPreference.member_id.in_(wanted)
        )
    )
    chosen = {row.member_id: row for row in rows}
    return {id_: _choice(kind, chosen.get(id_)) for id_ in wanted}


def _choice(kind: kinds.Kind, row: NotificationPreference | None) -> Choice:
    if row is None:
        return Choice(kind, in_app=True, mail=kind.mail, push=kind.mail)
    return Choice(kind, row.in_app, row.mail, kind.mail if row.push is None else row.push)


def choose(member_id: int, kind_key: str, *, in_app: bool, mail: bool, push: bool | None = None) -> None:
    """Remember a person's choice for one kind; without a word on push, what was chosen of it stays."""
    chosen = {"in_app": in_app, "mail": mail} | ({} if push is None else {"push": push})
    db.session.merge(NotificationPreference(member_id=member_id, kind=kind_key, **chosen))


def end_mail(member_id: int, kind_key: str) -> None:
    """No more mail of this kind; the inbox stays as it was chosen."""
    known = choices_for(kind_key, [member_id])[member_id]
    choose(member_id, kind_key, in_app=known.in_app, mail=False)


@dataclass(frozen=True)
class Leaving:
    """What a signed link ends for one person: mail of one kind, a thread, or digests."""

    member: Member
    kind: kinds.Kind | None = None
    thread: Thread | None = None

    def leave(self) -> None:
        """End it."""
        if self.thread is not None:
            follow(self.member.id, following_thread(self.thread.merged_into_id or self.thread.id), Level.MUTED)
        elif self.kind is not None:
            end_mail(self.member.id, self.kind.key)
        else:
            row_of(self.member.id, locked=True).rhythm = Rhythm.NEVER.value


def about_thread(thread_id: int) -> str:
    """What a link ends that ends news of one thread."""
    return f"{_THREAD}{thread_id}"


def unsubscribe_token(member_id: int, what: str) -> str:
    """A signed token that ends one person's mail of one kind, of one thread, or digests.

    It does nothing else, so it never expires.
    """
    return _signer().dumps([member_id, what])


def read_token(token: str) -> Leaving | None:
    """What the token ends; None where it is not one of ours, or there is no such thing any more."""
    try:
        member_id, what = _signer().loads(token)
    except (BadSignature, ValueError):
        return None
    member = db.session.get(Member, member_id)
    if member is None:
        return None
    if what == DIGEST:
        return Leaving(member)
    if what.startswith(_THREAD):
        thread = db.session.get(Thread, int(what.removeprefix(_THREAD)))
        return Leaving(member, thread=thread) if thread else None
    return Leaving(member, kind=kinds.kind(what)) if kinds.is_known(what) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="isthmus.unsubscribe")
