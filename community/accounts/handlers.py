"""Mail that follows facts about accounts."""

from flask import url_for

from community.core import email, i18n
from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.jobs import job
from community.core.web import public_url

from . import claiming, operations
from .events import MemberRegistered, PasswordChanged
from .models import Member


@subscribe(MemberRegistered)
def send_confirmation(event: MemberRegistered, _fact: Fact) -> None:
    """Ask whether the address is the member's own; not where it is known already."""
    member = db.session.get_one(Member, event.member_id)
    if member.email_confirmed_at is None:
        i18n.speak(member.language)
        token = operations.link_token("confirm", member)
        link = public_url(url_for("accounts.confirm", token=token))
        email.post("confirm-address", member.email, member=member, link=link)


@job
def send_password_link(address: str, language: str) -> None:
    """Send whoever has this address a link to choose a password; an unknown address gets nothing.

    A job looks the address up, so that asking takes the same time, and the same words, for every address.
    """
    member = operations.by_email(address)
    if member is None:
        return
    i18n.speak(member.language or language)
    link = public_url(url_for("accounts.reset", token=operations.link_token("reset", member)))
    if claiming.is_unclaimed(member):
        again = public_url(url_for("accounts.forgotten"))
        email.post("claim-account", member.email, member=member, link=link, again=again)
    else:
        email.post("reset-password", member.email, member=member, link=link)


@subscribe(PasswordChanged)
def tell_of_password(event: PasswordChanged, _fact: Fact) -> None:
    """Say that the password changed, in case it was not the member who did it."""
    member = db.session.get_one(Member, event.member_id)
    i18n.speak(member.language)
    link = public_url(url_for("accounts.forgotten"))
    email.post("password-changed", member.email, member=member, link=link)
