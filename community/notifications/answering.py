"""Telling people why their mail came to nothing: once for each letter, and never to a machine."""

from flask import url_for
from flask_babel import gettext as _

from community.accounts.models import Member
from community.core import email
from community.core.db import utcnow
from community.core.mail import addresses
from community.core.mail.letters import Letter
from community.core.web import public_url

from . import addressing, mailing
from .planning import count_answer, plans_of

MOST_A_DAY = 10
EXCERPT = 600


def answer(
    member: Member,
    letter: Letter,
    number: int,
    reason: str,
    *,
    link: str = "",
    quoted: bool = True,
    partly: bool = False,
) -> None:
    """Have a person told, in the present language, at the address of the account and nowhere else.

    `number` is the letter's own; `partly` says that it was posted but for what the reason names. After ten answers in
    a day there are none until the next; their envelope names no sender, and they say that a machine wrote them, so
    that no program answers them in turn.
    """
    today = plans_of([member])[member.id].today(utcnow())
    if member.email_confirmed_at is None or not count_answer(member.id, today, MOST_A_DAY):
        return
    email.post(
        "letter-answer",
        member.email,
        headers=_headers(letter, number),
        return_path="",
        subject=letter.subject or _("your mail"),
        partly=partly,
        reason=reason,
        excerpt=mailing.shortened(letter.words or letter.whole, EXCERPT) if quoted else "",
        link=public_url(link or url_for("notifications.inbox")),
    )


def _headers(letter: Letter, number: int) -> dict[str, str]:
    headers = mailing.common_headers() | {
        "Auto-Submitted": "auto-replied",
        "Message-ID": addresses.make_message_id(addressing.ANSWER, str(number)),
    }
    if letter.message_id.isascii() and letter.message_id:
        headers |= {"In-Reply-To": letter.message_id, "References": letter.message_id}
    return headers
