"""Invitations: a letter to one address, for two weeks, a limited number, taken back whenever one likes."""

from datetime import timedelta

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, select

from community.accounts import claiming, operations
from community.accounts.handlers import send_password_link
from community.accounts.models import Member
from community.core import email, events, i18n
from community.core.db import db, utcnow
from community.core.jobs import enqueue, job
from community.core.web import public_url

from .events import MemberInvited
from .models import Invitation

LASTS = timedelta(days=14)
MONTH = timedelta(days=30)
STAFF_A_MONTH = 200


def sent_lately(member_id: int) -> int:
    """How many invitations a member sent within thirty days, taken back or not: each was a letter to somebody."""
    sent = select(func.count(Invitation.id)).where(Invitation.by_id == member_id, Invitation.at > utcnow() - MONTH)
    return db.session.scalar(sent) or 0


def invite(address: str, *, by: Member, words: str, language: str) -> Invitation:
    """Write to somebody. Whoever invites never learns whether the address has an account already."""
    now = utcnow()
    invitation = Invitation(email=address, words=words, by_id=by.id, at=now, ends_at=now + LASTS)
    db.session.add(invitation)
    db.session.flush()
    events.record(MemberInvited(actor_id=by.id, invitation_id=invitation.id))
    enqueue(send_invitation, invitation_id=invitation.id, language=language)
    return invitation


@job
def send_invitation(invitation_id: int, language: str) -> None:
    """The letter; somebody who has an account, or one that waits to be claimed, is led there instead."""
    invitation = db.session.get_one(Invitation, invitation_id)
    if not invitation.is_good(utcnow()):
        return
    known = operations.by_email(invitation.email)
    if known is not None and claiming.is_unclaimed(known):
        send_password_link(invitation.email, language)
        return
    i18n.speak(known.language or language if known else language)
    if known is not None:
        link = public_url(url_for("accounts.forgotten"))
        email.post("already-member", known.email, member=known, link=link)
        return
    link = public_url(url_for("joining.accept", token=token_of(invitation)))
    email.post("invitation", invitation.email, invitation=invitation, by=invitation.by, link=link)


def revoke(invitation: Invitation) -> None:
    """Take an invitation back; its link leads nowhere from now on."""
    if invitation.used_at is None and invitation.revoked_at is None:
        invitation.revoked_at = utcnow()


def token_of(invitation: Invitation) -> str:
    """What the link of the letter carries."""
    token = _signer().dumps(invitation.id)
    return token if isinstance(token, str) else token.decode()


def by_token(token: str, *, to_use: bool = False) -> Invitation | None:
    """The invitation of a link while it is good. `to_use` has others wait for this one."""
    try:
        number = int(_signer().loads(token))
    except (BadSignature, ValueError, TypeError):
        return None
    found = db.session.get(Invitation, number, with_for_update=to_use or None, populate_existing=to_use)
    return found if found is not None and found.is_good(utcnow()) else None


def who_invited(member_id: int) -> Invitation | None:
    """The invitation by which a member joined."""
    return db.session.scalar(select(Invitation).where(Invitation.member_id == member_id))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="isthmus.invitation")
