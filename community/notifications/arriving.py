"""What people write by mail: answers to letters of ours become replies, mail to a space's address starts a thread.

Whoever writes must hold the signed address, which only letters to that person name, and must write from the confirmed
address of the account. What may not be done on the page may not be done by mail either; the person is told why, once.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core import i18n
from community.core.db import db, insert_once, utcnow
from community.core.forms import clean, tidy
from community.core.mail import matching
from community.core.mail.letters import Letter
from community.core.mail.matching import Arrival
from community.core.policies import Actor
from community.forum import operations, policies
from community.forum.composing import again
from community.forum.composing.publishing import Typed
from community.forum.forms import LONGEST_BODY, LONGEST_TITLE
from community.forum.models import Kind, Post, Thread
from community.spaces.models import Space
from community.spaces.policies import can_start_in

from . import addressing, enclosing
from .addressing import About
from .answering import answer
from .bouncing import note_bounce
from .models import MemberLetter
from .planning import row_of
from .unusable import UnusableError
from .waiting import admitted
from .withholding import withheld

MOST_AN_HOUR = 30
POSTED = "posted"
_PREFIXES = re.compile(r"^(?:\s*(?:re|aw|sv|antw|fwd?|wg|tr|回复|答复|回覆|轉寄|转发)\s*[:：])+\s*", re.IGNORECASE)


def take_reply(arrival: Arrival) -> None:
    """A member's answer becomes a reply in the thread."""
    _take(arrival, _reply)


def take_thread(arrival: Arrival) -> None:
    """A member's letter starts a thread in the space."""
    _take(arrival, _start)


def _take(arrival: Arrival, write: Callable[[Member, About, Letter], tuple[Post, list[str]]]) -> None:
    about, letter = addressing.about_target(arrival.target), arrival.letter
    member = db.session.get(Member, about.member_id)
    kept = _note(letter, about) if member is not None else None
    if member is None or kept is None:
        return
    with i18n.speaking(member.language):
        try:
            _check_sender(member, letter)
            post, troubles = write(member, about, letter)
            kept.post_id, kept.outcome = post.id, POSTED
            if troubles:
                link = _address(post.thread_id)
                answer(member, letter, kept.id, _left_out(troubles), link=link, quoted=False, partly=True)
        except UnusableError as why:
            kept.outcome = why.outcome
            answer(member, letter, kept.id, why.reason, link=why.link, quoted=why.quoted)


def _note(letter: Letter, about: About) -> MemberLetter | None:
    """The row of a letter that is new for this person and this thing; None for one that came before."""
    identity = f"{about.member_id}\0{about.thing_id}\0{letter.message_id or letter.content}"
    key = hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()
    values = {"member_id": about.member_id, "message_id": letter.message_id, "at": utcnow()}
    if not insert_once(MemberLetter, key=key, **values):
        return None
    return db.session.scalars(select(MemberLetter).where(MemberLetter.key == key)).one()


def _check_sender(member: Member, letter: Letter) -> None:
    """The address says whose letters are expected; they must come from that person."""
    if letter.sender.casefold() != member.email.casefold() or member.email_confirmed_at is None:
        words = _(
            "A mail from %(sender)s came to an address that is yours alone, so nothing came of it. "
            "If you wrote it: write from %(address)s, the address of your account.",
            sender=letter.sender or "?",
            address=member.email,
        )
        raise UnusableError("sender", words, quoted=False)
    if member.suspended_at is not None:
        raise UnusableError("suspended", _("Your account is suspended, so that nothing of yours can be posted."))
    recent = MemberLetter.member_id == member.id, MemberLetter.at > utcnow() - timedelta(hours=1)
    if (db.session.scalar(select(func.count(MemberLetter.id)).where(*recent)) or 0) > MOST_AN_HOUR:
        raise UnusableError("too many", _("You wrote very many mails within an hour. Please try again later."))


def _reply(member: Member, about: About, letter: Letter) -> tuple[Post, list[str]]:
    thread, actor = _thread_for(member, about), actor_for(member.id)
    link = _address(thread.id)
    if addressing.has_ended(about, utcnow()):
        words = _("Answers by mail are taken for %(days)s days. Please reply on the page.", days=90)
        raise UnusableError("too late", words, link=link)
    if not policies.can_reply(actor, thread):
        raise UnusableError("closed", _("The thread takes no more replies."), link=link)
    body = _body(letter, link)
    if not letter.attachments and (known := again.reply(thread, author_id=member.id, body=body)) is not None:
        return known, []
    files, troubles = enclosing.files_of(member.id, letter)
    if not body and not files:
        raise _empty(troubles, link)
    body, secrets = withheld(body)
    typed = admitted(actor, Typed(body, thread_id=thread.id), files, space_id=thread.space_id)
    return operations.reply(thread, author_id=member.id, body=typed.body, files=files), troubles + secrets


def _thread_for(member: Member, about: About) -> Thread:
    """The thread that an answer belongs to, also after it was merged into another."""
    thread = db.session.get(Thread, about.thing_id)
    while thread is not None and thread.merged_into_id is not None:
        thread = db.session.get(Thread, thread.merged_into_id)
    if thread is None or not policies.can_read_thread(actor_for(member.id), thread):
        raise UnusableError("gone", _("What you answered is not there any more, or you can no longer read it."))
    return thread


def _start(member: Member, about: About, letter: Letter) -> tuple[Post, list[str]]:
    if about.mark != row_of(member.id).turn:
        words = _("This address of yours was replaced by a new one. You find it on the page.")
        raise UnusableError("old address", words, link=url_for("notifications.by_mail"))
    actor = actor_for(member.id)
    space = _space_for(actor, about.thing_id)
    body = _body(letter, url_for("forum.ask"))
    files, troubles = enclosing.files_of(member.id, letter)
    if not body and not files:
        raise _empty(troubles, url_for("forum.ask"))
    (title, more), (body, secrets) = withheld(_title(letter, body)), withheld(body)
    asked = Typed(body, title[:LONGEST_TITLE], space_id=space.id, kind=Kind.QUESTION.value)
    typed = admitted(actor, asked, files, space_id=space.id)
    db.session.add_all(file.row(member.id) for file in files)
    db.session.flush()
    thread = operations.start_thread(
        space=space,
        author_id=member.id,
        kind=typed.kind,
        title=typed.title,
        body="\n\n".join(part for part in (typed.body, *(file.markdown for file in files)) if part),
    )
    opening = db.session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 1)).one()
    return opening, [*troubles, *dict.fromkeys(more + secrets)]


def _space_for(actor: Actor, space_id: int) -> Space:
    space = db.session.get(Space, space_id)
    if space is None or not can_start_in(actor, space) or not policies.can_start(actor, Kind.QUESTION):
        words = _("The space that you wrote to is not there any more, or you can no longer read it.")
        raise UnusableError("gone", words)
    return space


def _body(letter: Letter, link: str) -> str:
    body = clean(_unsigned(letter)) or ""
    if len(body) > LONGEST_BODY:
        words = _("Your mail is longer than 30,000 characters. Put long logs into a file.")
        raise UnusableError("too long", words, link=link)
    return body


def _unsigned(letter: Letter) -> str:
    """The words without the line that some programs end them with: the sender's own address."""
    lines = letter.words.splitlines()
    while lines and lines[-1].strip("-_ ").casefold() in ("", letter.sender.casefold()):
        lines.pop()
    return "\n".join(lines)


def _title(letter: Letter, body: str) -> str:
    """The subject without what programs put before it, else how the text begins."""
    subject = tidy(_PREFIXES.sub("", letter.subject)) or ""
    first = next((line.strip(" #>*-") for line in body.splitlines() if line.strip(" #>*-")), "")
    return (subject or tidy(first) or _("Question by mail"))[:LONGEST_TITLE].strip()


def _empty(troubles: list[str], link: str) -> UnusableError:
    words = _left_out(troubles) if troubles else _("No words of yours were found in it, only what was quoted.")
    return UnusableError("empty", words, link=link)


def _left_out(troubles: list[str]) -> str:
    return _("Not everything that came with your mail could be taken: %(files)s", files="; ".join(troubles))


def _address(thread_id: int) -> str:
    return url_for("forum.thread", thread_id=thread_id)


def _target(ids: tuple[int, ...]) -> str | None:
    found = addressing.about(ids)
    return found.target if found else None


def _target_of_news(key: str) -> str | None:
    found = addressing.about_news(key)
    return found.target if found else None


matching.register(
    matching.Feature(
        name=addressing.REPLY,
        take=take_reply,
        note=note_bounce,
        by_address=_target,
        by_reference=_target_of_news,
    )
)
matching.register(matching.Feature(name=addressing.ASK, take=take_thread, note=note_bounce, by_address=_target))
