"""What a thread's page tells programs: schema.org as JSON-LD, and what is shown where its address is shared.

Only pages for people who are not signed in carry it: search engines and previews come without a cookie.
"""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from community.core.addresses import address
from community.core.policies import actor
from community.core.web import public_url

from .models import Kind
from .pages import PostView, ThreadPage

LONGEST_TEXT = 2000
LONGEST_DESCRIPTION = 200
CONTEXT = "https://schema.org"


@dataclass(frozen=True)
class Metadata:
    """What the head of a page says of its thread."""

    title: str
    description: str
    url: str
    published: str
    modified: str
    tags: tuple[str, ...]
    schema: dict[str, Any]


def of(page: ThreadPage) -> Metadata | None:
    """Of a thread's page for nobody in particular; a member's page has none."""
    if actor().is_member:
        return None
    thread = page.thread
    return Metadata(
        title=thread.title,
        description=_text(page.opening, LONGEST_DESCRIPTION),
        url=_url(page),
        published=thread.created_at.isoformat(),
        modified=thread.last_activity_at.isoformat(),
        tags=tuple(thread.tags),
        schema=_question_page(page) if _is_answered_question(page) else _discussion(page),
    )


def _text(view: PostView, longest: int) -> str:
    """The words of a post without its marks, shortened at a space."""
    words = Markup(view.post.html).striptags()  # noqa: S704 - only to take the marks away
    return words if len(words) <= longest else words[: longest - 1].rpartition(" ")[0][:longest] + "…"


def _url(page: ThreadPage) -> str:
    return public_url(address("forum.thread", thread_id=page.thread.id))


def _is_answered_question(page: ThreadPage) -> bool:
    """A page of questions and answers must show one answer at least; before that it is a discussion."""
    return page.thread.kind == Kind.QUESTION and bool(page.answer or _shown(page))


def _shown(page: ThreadPage) -> list[PostView]:
    return [view for view in page.replies.rows if not view.hidden]


def _question_page(page: ThreadPage) -> dict[str, Any]:
    thread, accepted = page.thread, page.answer
    others = [view for view in _shown(page) if accepted is None or view.post.id != accepted.post.id]
    question: dict[str, Any] = {
        "@type": "Question",
        "name": thread.title,
        "answerCount": thread.reply_count,
        "upvoteCount": thread.have_too_count,
        **_written(page.opening),
    }
    if accepted is not None:
        question["acceptedAnswer"] = _answer(accepted)
    if others:
        question["suggestedAnswer"] = [_answer(view) for view in others]
    return {"@context": CONTEXT, "@type": "QAPage", "mainEntity": question}


def _answer(view: PostView) -> dict[str, Any]:
    return {"@type": "Answer", "upvoteCount": view.post.helpful_count, **_written(view)}


def _discussion(page: ThreadPage) -> dict[str, Any]:
    thread = page.thread
    return {
        "@context": CONTEXT,
        "@type": "DiscussionForumPosting",
        "headline": thread.title,
        "commentCount": thread.reply_count,
        "comment": [{"@type": "Comment", **_written(view)} for view in _shown(page)],
        **_written(page.opening),
        "url": _url(page),
    }


def _written(view: PostView) -> dict[str, Any]:
    """Who wrote what, when and where; a post without a word (a picture, say) is called by its author."""
    post, person = view.post, view.person
    found = {
        "text": _text(view, LONGEST_TEXT) or person.name,
        "datePublished": post.created_at.isoformat(),
        "url": public_url(url_for("forum.post", post_id=post.id)),
        "inLanguage": post.language,
        "author": {"@type": "Person", "name": person.name, "url": public_url(person.url)},
    }
    return found | ({"dateModified": post.edited_at.isoformat()} if post.edited_at else {})
