"""Accounts: registering, confirming, signing in and out, changing passwords, roles and standings."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import delete, select

from community.core import events
from community.core.db import db, insert_once, utcnow
from community.core.policies import Role

from .entering.events import AdmissionAsked
from .entering.models import Registration
from .events import AccountClaimed, MemberConfirmed, MemberRegistered, PasswordChanged, RoleChanged, TermChanged
from .models import Grant, Member, SignIn, hash_token, new_token

# OWASP's smallest Argon2id profile: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
SIGN_IN_LASTS = timedelta(days=30)
LINK_LASTS = 24 * 3600
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
NOT_A_HANDLE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Device:
    """Where a sign-in comes from, as the person will recognise it."""

    browser: str
    address: str


def hash_password(password: str) -> str:
    """Argon2id of the password in its NFC form."""
    return HASHER.hash(unicodedata.normalize("NFC", password))


def password_matches(member: Member | None, password: str) -> bool:
    """Whether the password is right. An unknown member costs the same time as a wrong password."""
    stored = member.password_hash if member and member.password_hash else _nobody()
    try:
        HASHER.verify(stored, unicodedata.normalize("NFC", password))
    except (VerificationError, InvalidHashError):
        return False
    if member is None or not member.password_hash:
        return False
    if HASHER.check_needs_rehash(stored):
        member.password_hash = hash_password(password)
    return True


_nobody_hash: list[str] = []


def _nobody() -> str:
    if not _nobody_hash:
        _nobody_hash.append(HASHER.hash("nobody has this password"))
    return _nobody_hash[0]


def by_email(email: str) -> Member | None:
    """The member with this address, whatever its case."""
    return db.session.scalar(select(Member).where(Member.email == email.strip().lower()))


_called_so: list[Callable[[str], Iterable[str]]] = []


def keep_free(find: Callable[[str], Iterable[str]]) -> None:
    """Make no handle of what mentions mean otherwise: `find` gives those names that begin with a text."""
    _called_so.append(find)


def free_handle(name: str) -> str:
    """A handle made from a name that nobody has yet; `member-7` where the name has no Latin letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    wanted = NOT_A_HANDLE.sub("-", plain).strip("-")[:24] or "member"
    taken = set(db.session.scalars(select(Member.handle).where(Member.handle.startswith(wanted))))
    taken.update(name for find in _called_so for name in find(wanted))
    if wanted not in taken and wanted != "member" and len(wanted) > 1:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


class AddressTakenError(Exception):
    """Somebody has an account with this address, perhaps since a moment ago."""


def register(*, name: str, email: str, password: str, language: str = "") -> Member:
    """Make an account that can be used once its address is confirmed. Raises `AddressTakenError`.

    The database decides who of several at once has a handle, or the address.
    """
    address, hashed = email.strip().lower(), hash_password(password)
    values = {"name": name, "email": address, "password_hash": hashed, "language": language}
    while not insert_once(Member, handle=free_handle(name), **values):
        if by_email(address) is not None:
            raise AddressTakenError
    member = db.session.scalars(select(Member).where(Member.email == address)).one()
    events.record(MemberRegistered(actor_id=member.id, member_id=member.id))
    return member


def create_member(*, email: str, password: str, role: str, name: str = "", at: datetime | None = None) -> Member:
    """Make a confirmed account of any role (the operator's command, demo)."""
    member = register(name=name or email.partition("@")[0], email=email, password=password)
    member.role, member.email_confirmed_at = str(Role(role)), at or utcnow()
    return member


def link_token(purpose: str, member: Member) -> str:
    """A signed token for a link in a mail. It dies with the password and with the address it was made for."""
    return _signer(purpose).dumps([member.id, _fingerprint(member)])


def member_of_link(purpose: str, token: str, *, to_use: bool = False) -> Member | None:
    """Whose link it is, while it is good: 24 hours, and until it is used. `to_use` has others wait for this one."""
    try:
        member_id, fingerprint = _signer(purpose).loads(token, max_age=LINK_LASTS)
    except (BadSignature, ValueError):
        return None
    member = db.session.get(Member, member_id, with_for_update=to_use or None, populate_existing=to_use)
    return member if member is not None and _fingerprint(member) == fingerprint else None


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"isthmus.{purpose}")


def _fingerprint(member: Member) -> str:
    state = f"{member.email}|{member.password_hash}|{member.email_confirmed_at}"
    return hash_token(state)[:16]


def confirm(member: Member) -> bool:
    """The address is the member's own; whether the account works now, for some wait until a person admits them."""
    asked = db.session.scalar(select(Registration).where(Registration.member_id == member.id))
    if asked is not None and asked.bars:
        if asked.confirmed_at is None:
            asked.confirmed_at = utcnow()
            events.record(AdmissionAsked(actor_id=member.id, member_id=member.id))
        return False
    member.email_confirmed_at = utcnow()
    events.record(MemberConfirmed(actor_id=member.id, member_id=member.id))
    return True


def sign_in(member: Member, device: Device) -> str:
    """Begin a sign-in; the token for the browser."""
    token = new_token()
    db.session.add(
        SignIn(
            token_hash=hash_token(token),
            member_id=member.id,
            ends_at=utcnow() + SIGN_IN_LASTS,
            browser=device.browser[:200],
            address=device.address[:45],
        )
    )
    return token


def end_sign_in(token: str) -> None:
    """End the sign-in of this browser."""
    db.session.execute(delete(SignIn).where(SignIn.token_hash == hash_token(token)))


def end_other_sign_ins(member_id: int, token: str) -> None:
    """End all of a member's sign-ins but this browser's."""
    db.session.execute(delete(SignIn).where(SignIn.member_id == member_id, SignIn.token_hash != hash_token(token)))


def set_password(member: Member, password: str, *, keep: str = "") -> None:
    """Change the password; every sign-in but `keep`'s ends. A first password claims an account that was imported."""
    first = not member.password_hash
    member.password_hash = hash_password(password)
    if member.email_confirmed_at is None:
        confirm(member)
    end_other_sign_ins(member.id, keep)
    if first:
        events.record(AccountClaimed(actor_id=member.id, member_id=member.id))
    else:
        events.record(PasswordChanged(actor_id=member.id, member_id=member.id))


def weakness(password: str, *, about: tuple[str, ...]) -> str:
    """Why a password is too easy to guess: "short", "plain", "personal"; "" where it will do."""
    if len(password) < SHORTEST_PASSWORD:
        return "short"
    lowered = password.casefold()
    if len(set(lowered)) < 5 or lowered in "0123456789012345678901234567890abcdefghijklmnopqrstuvwxyzqwertyuiop":
        return "plain"
    words = [word for text in about for word in re.split(r"[\W_]+", text.casefold()) if len(word) > 3]
    return "personal" if any(word in lowered and len(lowered) < len(word) + 6 for word in words) else ""


def set_role(member: Member, role: str, *, by_id: int | None) -> None:
    """Change what a member is in the whole installation."""
    before, after = member.role, str(Role(role))
    if before == after:
        return
    member.role = after
    events.record(RoleChanged(actor_id=by_id, member_id=member.id, before=before, after=after))


def grant(member: Member, kind: str, space_id: int, *, by_id: int | None, until: datetime | None = None) -> None:
    """Give standing within a space, until a moment or for good; what is held already ends at that moment instead."""
    held = db.session.scalar(
        select(Grant).where(Grant.member_id == member.id, Grant.kind == kind, Grant.space_id == space_id)
    )
    if held is not None and held.lasts(utcnow()):
        _move_end(held, until, by_id)
        return
    if held is None:
        db.session.add(Grant(member_id=member.id, kind=kind, space_id=space_id, by_id=by_id, until=until))
    else:
        held.since, held.until, held.by_id = utcnow(), until, by_id
    _record_standing(member, kind, space_id, by_id, given=True)


def _move_end(held: Grant, until: datetime | None, by_id: int | None) -> None:
    if held.until == until:
        return
    held.until = until
    ends = until.isoformat() if until else ""
    fact = TermChanged(actor_id=by_id, member_id=held.member_id, kind=held.kind, space_id=held.space_id, until=ends)
    events.record(fact)


def revoke(member: Member, kind: str, space_id: int, *, by_id: int | None) -> None:
    """Take standing within a space away."""
    held = db.session.scalar(
        select(Grant).where(Grant.member_id == member.id, Grant.kind == kind, Grant.space_id == space_id)
    )
    if held is not None:
        db.session.delete(held)
        _record_standing(member, kind, space_id, by_id, given=False)


def _record_standing(member: Member, kind: str, space_id: int, by_id: int | None, *, given: bool) -> None:
    before, after = ("", kind) if given else (kind, "")
    events.record(RoleChanged(actor_id=by_id, member_id=member.id, before=before, after=after, space_id=space_id))
