"""Every address that can be opened, with everything that is known put into it; and what is found there."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.handovers.models import DeskMessage, ServiceDesk
from bridge.promotion.models import PromotionTrial
from bridge.queries.models import PREFIX, Query
from community.accounts.models import Member
from community.core.db import db
from community.forum.models import Attachment, Post, Thread, ThreadTag
from community.forum.reactions.bookmarks import Bookmark
from community.forum.scheduling.operations import ScheduledNews
from community.forum.suggesting.models import SuggestedEdit
from community.groups.models import Group
from community.messages.models import Conversation
from community.moderation.models import Case, Measure
from community.spaces.models import Space
from community.superusers.agreements.models import Agreement
from community.superusers.appointing.models import Appointment
from community.superusers.deviations.models import Deviation
from community.superusers.duty.models import DutyTurn
from community.superusers.inner.experts.models import ExpertPool, ExpertQuestion
from community.superusers.inner.gatherings.models import Gathering
from community.superusers.inner.offers.models import Offer
from community.superusers.letters.models import Letter
from community.superusers.training.models import Checklist, ChecklistItem
from knowledge.articles.models import Article

# What stands for arguments that lead to nothing anybody wrote.
CONSTANT = {
    "token": ["x"],
    "code": ["en"],
    "name": ["dark", "threads", "hot", "unsolved"],
    "number": ["1", "2"],
    "version": ["x"],
    "rest": ["x"],
    "old_id": ["1"],
    "old_tag": ["x"],
    "kind": [
        "domain",
        "rt",
        "question",
        "tags",
        "people",
        "articles",
        "thread",
        "post",
        "member",
        "message",
        "article",
    ],
}
FIXED = {"web.design", "assets.serve", "web.language", "web.set_theme"}


def known(avatars: Sequence[str] = ("none.webp",)) -> dict[str, list[str]]:
    """What may stand for each argument of an address, from the rows there are."""
    keys = [*map(str, db.session.scalars(select(Attachment.key))), *avatars]
    queries = list(db.session.scalars(select(Query.id)))
    return CONSTANT | {
        "post_id": _column(Post.id),
        "thread_id": _column(Thread.id),
        "article_id": _column(Article.id),
        "query_id": [str(id_) for id_ in queries],
        "reference": [f"{PREFIX}{id_:05d}" for id_ in queries],
        "message_id": _column(DeskMessage.id),
        "bookmark_id": _column(Bookmark.id),
        "case_id": _column(Case.id),
        "measure_id": _column(Measure.id),
        "target_id": ["1", "2"],
        "deviation_id": _column(Deviation.id),
        "turn_id": _column(DutyTurn.id),
        "on": ["2026-11-23"],
        "appointment_id": _column(Appointment.id),
        "agreement_id": _column(Agreement.id),
        "suggestion_id": _column(SuggestedEdit.id),
        "news_id": _column(ScheduledNews.id),
        "gathering_id": _column(Gathering.id),
        "pool_id": _column(ExpertPool.id),
        "question_id": _column(ExpertQuestion.id),
        "offer_id": _column(Offer.id),
        "checklist_id": _column(Checklist.id),
        "item_id": _column(ChecklistItem.id),
        "letter_id": _column(Letter.id),
        "conversation_id": _column(Conversation.id),
        "tag": [*dict.fromkeys(db.session.scalars(select(ThreadTag.tag)))],
        "trial_id": _column(PromotionTrial.id),
        "member_id": _column(Member.id),
        "handle": _column(Member.handle),
        "slug": [*_column(Space.slug), *_column(Group.slug)],
        "key": [*keys, *_column(ServiceDesk.key)],
    }


def _column(column: object) -> list[str]:
    return [str(value) for value in db.session.scalars(select(column).order_by(column))]  # type: ignore[call-overload]


def every_address(app: Flask, values: Mapping[str, Sequence[str]], words: Sequence[str] = ("",)) -> list[str]:
    """All addresses that answer GET, and have one of `words` in them.

    Fails with a `KeyError` for an argument that nobody thought of.
    """
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or set()) or rule.endpoint in FIXED:
                continue
            if not any(word in rule.rule for word in words):
                continue
            names = sorted(rule.arguments - set(rule.defaults or {}))
            for chosen in product(*(values[name] for name in names)):
                found.append(url_for(rule.endpoint, **dict(zip(names, chosen, strict=True))))
    return sorted(set(found))


def narrowed(words: Iterable[str], tags: Iterable[str]) -> list[str]:
    """Lists and searches narrowed to what hidden things have in common with those in view."""
    found = [f"/{place}?q={word}" for place in ("search", "similar") for word in words]
    for tag in tags:
        found += [f"/threads?tag={tag}", f"/knowledge?tag={tag}", f"/search?q=tag:{tag}"]
    found += [f"/knowledge?state={state}" for state in ("validated", "not-validated", "draft", "archived")]
    found += [f"/threads?{more}" for more in ("order=newest", "state=desk", "state=resolved", "page=2")]
    return [*found, "/desk?state=closed", "/desk?who=nobody", "/people?page=2"]


def seen_by(client: FlaskClient, addresses: Iterable[str], needles: Iterable[str]) -> dict[str, list[str]]:
    """Needles that were found in a body or a header, each with the addresses where it was."""
    wanted, found = list(needles), {}
    for address in addresses:
        answer = client.get(address, headers={"Accept-Language": "en"})
        assert answer.status_code < 500, address
        text = answer.get_data(as_text=True) if _is_text(answer.mimetype) else ""
        text += "\n".join(f"{key}: {value}" for key, value in answer.headers)
        for needle in wanted:
            # What was asked for by its name may be named again; whatever else there is of it may not.
            if needle in text and needle not in address:
                found.setdefault(needle, []).append(address)
    return found


def _is_text(mimetype: str | None) -> bool:
    return (mimetype or "").startswith("text/") or any(kind in (mimetype or "") for kind in ("json", "xml"))
