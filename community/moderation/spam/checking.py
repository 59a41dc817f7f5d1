"""Jobs that ask the service, after publishing: nobody waits for it, and its failures hold nobody's words."""

import logging
from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db, insert_once, transaction
from community.core.events import Fact, subscribe
from community.core.jobs import enqueue, outside_job
from community.core.policies import NOBODY
from community.core.web import public_url
from community.forum.events import ReplyPosted, ThreadEvent, ThreadStarted
from community.forum.models import Post
from community.moderation import measures, standing, targets
from community.moderation.cases import open_case
from community.moderation.events import CaseDecided
from community.moderation.models import Case
from community.moderation.words import name_rule

from .contract import HAM, SPAM, SpamCheck, SpamServiceError, SpamVerdict, Writing
from .models import SpamOpinion
from .service import connect, note, settings

log = logging.getLogger(__name__)
KIND = "spam"
RULE = "spam_service"
# What each decision says about spam. Those that are not here say nothing about it, and teach nothing.
TEACHES = {
    (KIND, "spam"): SPAM,
    (KIND, "fine"): HAM,
    ("flag", "hide"): SPAM,
    ("flag", "hide_warn"): SPAM,
    ("flag", "silence"): SPAM,
    ("flag", "fine"): HAM,
}

name_rule(RULE, _l("It looks like advertising to the spam service that is asked about new members' contributions."))


@dataclass(frozen=True)
class _Asked:
    check: SpamCheck
    writing: Writing


@subscribe(ThreadStarted, ReplyPosted)
def look_at(event: ThreadEvent, _fact: Fact) -> None:
    """Have what somebody without standing wrote for everybody looked at."""
    row = settings()
    if row is None or not row.on or getattr(event, "origin", "peer") != "peer" or event.actor_id is None:
        return
    if standing.level_of(event.actor_id) == 0 and not db.session.get_one(Member, event.actor_id).is_staff:
        kind = "post" if isinstance(event, ReplyPosted) else "thread"
        target_id = event.post_id if isinstance(event, ReplyPosted) else event.thread_id
        enqueue(check, unique_key=f"spam:{kind}:{target_id}", kind=kind, target_id=target_id)


@outside_job
def check(kind: str, target_id: int) -> None:
    """Ask about one contribution and keep the answer. Raises `SpamServiceError` where trying again may help."""
    with transaction(read_only=True):
        asked = _asked(kind, target_id)
    if asked is None:
        return
    try:
        verdict = asked.check.check(asked.writing)
    except SpamServiceError as error:
        _failed(error)
        return
    note("fine")
    with transaction():
        keep(kind, target_id, verdict)


def _failed(error: SpamServiceError) -> None:
    """A wrong key or address waits for an administrator; the rest is tried again, later each time."""
    note(error.why)
    log.warning("the spam service could not be used: %s", error)
    if error.why in ("silent", "nonsense"):
        raise error


def _asked(kind: str, target_id: int) -> _Asked | None:
    """What to ask, unless it is no longer there, or not for everybody to read."""
    row = settings()
    target = targets.seen_by(NOBODY, [(kind, target_id)]).get((kind, target_id))
    if row is None or not row.on or target is None or target.staff_only:
        return None
    post = _post(kind, target_id)
    if post is None or not (target.readable or target.hidden):
        return None
    writing = Writing(
        kind=kind,
        text=f"{post.thread.title}\n\n{post.body}" if kind == "thread" else post.body,
        address=public_url(url_for("forum.post", post_id=post.id)),
        author=post.author.name,
        language=post.language,
        at=post.created_at,
        author_email=post.author.email if row.sends_email else "",
    )
    try:
        return _Asked(connect(row), writing)
    except SpamServiceError as error:
        log.warning("the spam service cannot be used: %s", error)
        return None


def _post(kind: str, target_id: int) -> Post | None:
    wanted = select(Post).join(Post.thread)
    if kind == "thread":
        return db.session.scalar(wanted.where(Post.thread_id == target_id, Post.number == 1))
    return db.session.scalar(wanted.where(Post.id == target_id))


def keep(kind: str, target_id: int, verdict: SpamVerdict) -> None:
    """Keep what the service said of a contribution, once. By its score a person decides, and it is hidden till then."""
    row, target, score = settings(), targets.look(kind, target_id), verdict.score
    first = insert_once(SpamOpinion, target_kind=kind, target_id=target_id, score=score, reason=verdict.reason)
    if row is None or target is None or not first or score < row.case_at:
        return
    case = open_case(
        KIND,
        kind,
        target_id,
        rule=RULE,
        space_id=target.space_id,
        member_id=target.author_id,
        staff_only=target.staff_only,
        score=score,
        threshold=row.hide_at,
    )
    _opinion(kind, target_id).case_id = case.id
    if score >= row.hide_at and not target.hidden:
        measures.take(
            "hide",
            rule=RULE,
            member_id=target.author_id,
            by_id=None,
            space_id=target.space_id,
            target_kind=kind,
            target_id=target_id,
            removed=target.words,
            case_id=case.id,
        )


def _opinion(kind: str, target_id: int) -> SpamOpinion:
    wanted = select(SpamOpinion).where(SpamOpinion.target_kind == kind, SpamOpinion.target_id == target_id)
    return db.session.scalars(wanted).one()


@subscribe(CaseDecided)
def teach_later(event: CaseDecided, _fact: Fact) -> None:
    """Only what says spam or not spam is taught: a report of something else, found wrong, says nothing about it."""
    row, case = settings(), db.session.get_one(Case, event.case_id)
    lesson = TEACHES.get((event.kind, event.decision))
    about_spam = event.kind == KIND or case.rule == "spam"
    stands = event.actor_id is not None and case.decision == event.decision
    if row is not None and row.on and lesson and about_spam and stands and case.target_kind in ("thread", "post"):
        enqueue(learn, case_id=case.id, lesson=lesson)


@outside_job
def learn(case_id: int, lesson: str) -> None:
    """Tell the service what a person decided, unless they took it back meanwhile, or it knows."""
    with transaction(read_only=True):
        case = db.session.get_one(Case, case_id)
        kind, target_id = case.target_kind, case.target_id
        asked = _asked(kind, target_id) if TEACHES.get((case.kind, case.decision)) == lesson else None
        if asked is None or _told(kind, target_id) == lesson:
            return
    try:
        asked.check.learn(asked.writing, lesson)
    except SpamServiceError as error:
        _failed(error)
        return
    note("fine")
    with transaction():
        insert_once(SpamOpinion, target_kind=kind, target_id=target_id, score=0.0)
        _opinion(kind, target_id).told = lesson


def _told(kind: str, target_id: int) -> str:
    wanted = select(SpamOpinion.told).where(SpamOpinion.target_kind == kind, SpamOpinion.target_id == target_id)
    return db.session.scalar(wanted) or ""
