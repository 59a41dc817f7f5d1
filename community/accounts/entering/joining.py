"""From the form to an account: what is kept, what waits for a person, and what that person decides."""

from datetime import timedelta

from sqlalchemy import select, update

from community.accounts import operations
from community.accounts.models import Member
from community.core import events
from community.core.db import db, utcnow
from community.core.jobs import every

from .events import AdmissionDecided, InvitationUsed
from .models import Invitation, Registration, State
from .rules import Verdict, registration_of

ADDRESS_KEPT = timedelta(days=90)
REFUSED_KEPT = timedelta(days=30)
INVITED_KEPT = timedelta(days=90)
NOBODY_KNOWS = "!"  # no hash, so that no password ever fits


def join(*, name: str, email: str, password: str, language: str, address: str, words: str, verdict: Verdict) -> Member:
    """Make an account for somebody who asked; a held one works once a person admitted it."""
    member = operations.register(name=name, email=email, password=password, language=language)
    held = verdict.by if verdict.effect else ""
    state = State.WAITING if held else State.FREE
    db.session.add(Registration(member_id=member.id, address=address[:45], words=words, held_by=held, state=state))
    return member


def join_invited(invitation: Invitation, *, name: str, password: str, language: str, address: str) -> Member:
    """Make the account of somebody who was invited; the letter proved the address, and somebody vouched."""
    member = operations.register(name=name, email=invitation.email, password=password, language=language)
    db.session.add(Registration(member_id=member.id, address=address[:45], state=State.FREE.value))
    invitation.used_at, invitation.member_id = utcnow(), member.id
    db.session.flush()
    operations.confirm(member)
    events.record(InvitationUsed(actor_id=member.id, invitation_id=invitation.id, member_id=member.id))
    return member


def admit(registration: Registration, *, by_id: int | None) -> None:
    """Let somebody in, once."""
    if not registration.bars:
        return
    registration.state, registration.decided_at = State.ADMITTED.value, utcnow()
    db.session.flush()
    operations.confirm(registration.member)
    _decided(registration, "admitted", by_id)


def refuse(registration: Registration, *, by_id: int | None) -> None:
    """Do not let somebody in; what they sent is erased after thirty days."""
    if registration.state != State.WAITING:
        return
    registration.state, registration.decided_at = State.REFUSED.value, utcnow()
    _decided(registration, "refused", by_id)


def wait_again(registration: Registration) -> bool:
    """A refusal was taken back; False where nothing is left of whoever asked."""
    if registration.member.password_hash == NOBODY_KNOWS:
        return False
    registration.state, registration.decided_at = State.WAITING.value, None
    return True


def _decided(registration: Registration, outcome: str, by_id: int | None) -> None:
    events.record(AdmissionDecided(actor_id=by_id, member_id=registration.member_id, outcome=outcome))


def standing(member: Member) -> Registration | None:
    """The registration that keeps an account from being used, if one does."""
    found = registration_of(member.id)
    return found if found is not None and found.bars else None


@every(hours=24)
def forget() -> None:
    """Erase network addresses after 90 days, people who were refused after 30, and addresses of old invitations."""
    now = utcnow()
    old = update(Registration).where(Registration.at < now - ADDRESS_KEPT, Registration.address != "")
    db.session.execute(old.values(address=""), execution_options={"synchronize_session": False})
    unused = Invitation.used_at.is_(None) & (Invitation.ends_at < now - INVITED_KEPT)
    gone = update(Invitation).where(unused | (Invitation.used_at < now - INVITED_KEPT), Invitation.email != "")
    db.session.execute(gone.values(email="", words=""), execution_options={"synchronize_session": False})
    refused = select(Registration).where(
        Registration.state == State.REFUSED, Registration.decided_at < now - REFUSED_KEPT
    )
    for registration in db.session.scalars(
        refused.join(Registration.member).where(Member.password_hash != NOBODY_KNOWS)
    ):
        _erase(registration)


def _erase(registration: Registration) -> None:
    member = registration.member
    member.name, member.handle = "—", f"refused-{member.id}"
    member.email, member.password_hash = f"refused-{member.id}@erased.invalid", NOBODY_KNOWS
    registration.words = registration.address = ""
