"""Mail about news: one letter per person, in their language, that says why they get it and how to end it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from typing import Protocol

from flask import current_app, url_for
from flask_babel import gettext as _

from community.accounts.models import Member
from community.core import email, i18n
from community.core.db import db
from community.core.web import public_url

from . import kinds
from .preferences import unsubscribe_token

EXCERPT = 1500


class Letter(Protocol):
    """What a letter is made of."""

    @property
    def kind(self) -> str:
        """Key of the kind."""

    @property
    def title(self) -> Callable[[], str]:
        """Makes the title in the present language."""

    @property
    def url(self) -> str:
        """Path that it is about."""

    @property
    def actor_id(self) -> int | None:
        """Who did it."""

    @property
    def thread_id(self) -> int | None:
        """The thread it belongs to."""

    @property
    def excerpt(self) -> str:
        """Words to quote."""


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Answer in a receiver's language within the block, and as before after it."""
    before = i18n.language()
    i18n.speak(language)
    try:
        yield
    finally:
        i18n.speak(before)


def post(letter: Letter, members: Iterable[Member]) -> None:
    """Have one letter sent to each; addresses that nobody confirmed get none."""
    for member in members:
        if member.email_confirmed_at is not None:
            with speaking(member.language):
                _post(letter, member)


def _post(letter: Letter, member: Member) -> None:
    kind = kinds.kind(letter.kind)
    actor = db.session.get(Member, letter.actor_id) if letter.actor_id else None
    leave = public_url(url_for("notifications.unsubscribe", token=unsubscribe_token(member.id, kind.key)))
    email.post(
        "notification",
        member.email,
        headers=_headers(letter, leave),
        title=letter.title(),
        sentence=kind.say(actor.name if actor else _("the community")),
        excerpt=_shortened(letter.excerpt),
        link=public_url(letter.url),
        why=kind.why,
        leave=leave,
        choose=public_url(url_for("notifications.preferences")),
    )


def _headers(letter: Letter, leave: str) -> dict[str, str]:
    """One-click unsubscription as in RFC 8058; mail about one thread stands together in a mail program."""
    headers = {
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    if letter.thread_id is not None:
        root = f"<thread-{letter.thread_id}@{_host()}>"
        headers |= {"References": root, "In-Reply-To": root}
    return headers


def _host() -> str:
    return parseaddr(current_app.config["MAIL_FROM"])[1].partition("@")[2] or "localhost"


def _shortened(text: str) -> str:
    text = text.strip()
    return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + " …"
