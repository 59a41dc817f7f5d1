"""Letters about news: in the receiver's language, with what brings answers home and with the ways to end them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core import email, i18n
from community.core.db import db
from community.core.email import Mail
from community.core.mail import addresses
from community.core.mail.trimming import REPLY_LINE_OF, REPLY_LINES
from community.core.web import public_url
from community.forum.models import Thread
from community.forum.policies import can_reply

from . import addressing, kinds
from .models import Notification
from .preferences import DIGEST, about_thread, unsubscribe_token

EXCERPT = 1500
EXCERPT_IN_DIGEST = 300


@dataclass(frozen=True)
class Line:
    """One piece of news in a digest."""

    sentence: str
    excerpt: str
    link: str


@dataclass(frozen=True)
class Chapter:
    """All news about one thread, or about one thing without a thread."""

    title: str
    link: str
    lines: tuple[Line, ...]


def news_letter(news: Notification, member: Member, now: datetime) -> Mail:
    """The letter about one piece of news."""
    kind = kinds.kind(news.kind)
    about = _answerable(news, member, now)
    with i18n.speaking(member.language):
        words = email.rendered(
            "notification",
            title=news.title,
            sentence=_said(news),
            excerpt=_quoted(news, EXCERPT),
            link=public_url(news.url),
            why=kind.why,
            above=_reply_line() if about else "",
            leave=_leave(member.id, kind.key),
            silence=_leave(member.id, about_thread(news.thread_id)) if news.thread_id else "",
            choose=public_url(url_for("notifications.preferences")),
        )
    headers = common_headers() | unsubscribing(_leave(member.id, kind.key)) | _threading(news, about)
    if about:
        headers["Reply-To"] = addressing.reply_address(member.id, about.thing_id, news.at)
    return Mail(member.email, words.subject, words.text, words.html, headers, return_path(member.id))


def _quoted(news: Notification, longest: int) -> str:
    """What the letter quotes: nothing of a restricted thread, for mail is read by whoever carries it."""
    thread = db.session.get(Thread, news.thread_id) if news.thread_id else None
    return "" if thread is not None and thread.restricted else shortened(news.excerpt, longest)


def _answerable(news: Notification, member: Member, now: datetime) -> addressing.About | None:
    """What an answer to the letter would be about; None where it could not become a reply."""
    thread = db.session.get(Thread, news.thread_id) if news.thread_id and addressing.receives_mail() else None
    if thread is None or not can_reply(actor_for(member.id), thread):
        return None
    return addressing.About(member.id, thread.id, addressing.last_day(news.at))


def _threading(news: Notification, about: addressing.About | None) -> dict[str, str]:
    """What makes mail programs show all mail about a thread together."""
    if news.thread_id is None:
        return {"Message-ID": addressing.other_id(news.member_id, f"news-{news.id}")}
    own = about or addressing.About(news.member_id, news.thread_id, addressing.last_day(news.at))
    root = addressing.thread_root(news.thread_id)
    return {"Message-ID": addressing.news_id(own, news.id), "References": root, "In-Reply-To": root}


def digest_letter(news: Sequence[Notification], member: Member, moment: datetime) -> Mail:
    """One letter about all of it, by threads, the one with the newest news first."""
    with i18n.speaking(member.language):
        words = email.rendered(
            "digest",
            count=len(news),
            chapters=_chapters(news),
            why=_("You get this mail because news waited for your digest."),
            leave=_leave(member.id, DIGEST),
            choose=public_url(url_for("notifications.preferences")),
        )
    headers = common_headers() | unsubscribing(_leave(member.id, DIGEST))
    headers["Message-ID"] = addressing.other_id(member.id, f"digest-{int(moment.timestamp())}")
    return Mail(member.email, words.subject, words.text, words.html, headers, return_path(member.id))


def _chapters(news: Sequence[Notification]) -> list[Chapter]:
    by_thing: dict[object, list[Notification]] = {}
    for row in sorted(news, key=lambda row: (row.at, row.id), reverse=True):
        by_thing.setdefault(row.thread_id or row.url, []).append(row)
    return [_chapter(rows) for rows in by_thing.values()]


def _chapter(rows: Sequence[Notification]) -> Chapter:
    newest = rows[0]
    link = url_for("forum.thread", thread_id=newest.thread_id) if newest.thread_id else newest.url
    lines = tuple(Line(_said(row), _quoted(row, EXCERPT_IN_DIGEST), public_url(row.url)) for row in reversed(rows))
    return Chapter(newest.title, public_url(link), lines)


def _said(news: Notification) -> str:
    return kinds.kind(news.kind).say(news.actor.name if news.actor else _("the community"))


def common_headers() -> dict[str, str]:
    """What every letter carries, so that no program answers it and none of ours ever takes it for a person's."""
    return {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Loop": addresses.loop_mark(),
    }


def unsubscribing(leave: str) -> dict[str, str]:
    """One-click unsubscription as in RFC 8058."""
    return {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def return_path(member_id: int) -> str | None:
    """Where reports of mail servers about a letter to this member come to; None where we receive no mail."""
    return addressing.return_address(member_id) if addressing.receives_mail() else None


def _leave(member_id: int, what: str) -> str:
    return public_url(url_for("notifications.unsubscribe", token=unsubscribe_token(member_id, what)))


def _reply_line() -> str:
    return REPLY_LINE_OF.get(i18n.language(), REPLY_LINES[0])


def shortened(text: str, longest: int) -> str:
    """At most `longest` characters, cut between words where there are some."""
    text = text.strip()
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + " …"
