"""Articles ask the gates of the community too: refused beside a field, or kept until somebody looked at the edit."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community import public
from community.core.db import db
from community.core.markup import render
from community.core.policies import Actor
from community.public import HeldKind, Outcome, Said, Verdict, Waiting, Way, Writing

from . import operations, policies, queries
from .forms import ArticleForm, lines_of
from .models import Article
from .operations import Content

TEXTS = ("title", "issue", "resolution", "cause", "environment", "tags", "reason")
BODIES = ("issue", "resolution", "cause")


def _said(article: Article) -> str:
    parts = [article.title, *(getattr(article, name) for name in BODIES)]
    return "\n".join([*parts, lines_of(article.environment), *article.tags])


def judged(article: Article, form: ArticleForm, who: Actor) -> Verdict:
    """What the gates say. A refusal stands beside the field in which the words are, masks in the fields."""
    verdict = public.ask_gates(who, _writing(article, form, who))
    if verdict.outcome == Outcome.REFUSE:
        beside = next((name for name in TEXTS if verdict.why and verdict.why in (form[name].data or "")), BODIES[0])
        form[beside].errors = [*form[beside].errors, verdict.message]
    elif verdict.mask is not None:
        changed = [(form[name], verdict.mask(form[name].data)) for name in TEXTS if form[name].data]
        fits = [public.put_masked(form, field, text) for field, text in changed if text != field.data]
        return verdict if all(fits) else Verdict(Outcome.REFUSE)
    return verdict


def _writing(article: Article, form: ArticleForm, who: Actor) -> Writing:
    return Writing(
        who=who.id or 0,
        kind=Way.ARTICLE,
        title=form.title.data,
        body="\n\n".join(form[name].data for name in BODIES if form[name].data),
        space_id=article.space_id,
        before=_said(article),
        more="\n".join(form[name].data for name in ("environment", "tags", "reason") if form[name].data),
        open_for=public.open_for(),
        ip=request.remote_addr or "",
        of=_of(article.id),
        own=lambda: queries.written_lately(who.id or 0, article.id),
    )


def hold(article: Article, form: ArticleForm, who: Actor, verdict: Verdict) -> str:
    """Keep the edit until somebody looked at it; where its author finds it."""
    content = form.content()
    shown = [render(text) for text in (content.issue, content.resolution, content.cause)]
    typed = asdict(content) | {
        "of": _of(article.id),
        "article": article.id,
        "revision": article.revision_count,
        "reason": form.reason.data or "",
        "unfinished": form.unfinished.data,
    }
    about = _writing(article, form, who)
    html = "".join(part.html for part in shown)
    return public.hold_back(about, verdict, Said(content.title, about.body, html, shown[0].language), typed)


def _of(article_id: int) -> str:
    return f"article:{article_id}"


def own_text(member_id: int, article: Article, held_id: int) -> Mapping[str, Any]:
    """What somebody typed for this article and nobody published."""
    return public.own_text(member_id, Way.ARTICLE, _of(article.id), held_id)


def waits(member_id: int, article: Article) -> str:
    """Where an edit of theirs waits; "" where none does."""
    return public.waiting_at(member_id, Way.ARTICLE, _of(article.id))


def _content(kept: Mapping[str, Any]) -> Content:
    names = ("title", "issue", "resolution", "cause", "environment", "tags")
    return Content(**{name: kept[name] for name in names})


def _article(waiting: Waiting, *, lock: bool = False) -> Article | None:
    how: dict[str, Any] = {"with_for_update": True, "populate_existing": True} if lock else {}
    return db.session.get(Article, waiting.typed["article"], **how)


def _fits(waiting: Waiting) -> bool:
    """Unless somebody saved it since: the edit is of a text that is no more."""
    article, seen = _article(waiting), waiting.before.get("revision", waiting.typed["revision"])
    if article is None or article.revision_count != seen:
        return False
    return policies.can_edit(public.actor_for(waiting.member_id), article)


def _publish(waiting: Waiting, _by_id: int) -> dict[str, Any]:
    article, typed = _article(waiting, lock=True), waiting.typed
    if article is None:
        raise LookupError(f"article {typed['article']} is gone")
    was = {name: getattr(article, name) for name in ("title", *BODIES, "environment", "tags", "confidence")}
    was |= {"validated_by_id": article.validated_by_id, "last_editor_id": article.last_editor_id}
    at = article.validated_at
    more = {"reason": typed["reason"], "unfinished": typed["unfinished"]}
    operations.edit(article, _content(typed), editor_id=waiting.member_id, **more)
    return {"was": {**was, "validated_at": at.isoformat() if at else None}, "became": article.revision_count}


def _stands(waiting: Waiting) -> bool:
    article = _article(waiting)
    return article is not None and article.revision_count == waiting.before.get("became")


def _withdraw(waiting: Waiting, by_id: int) -> dict[str, Any]:
    """The text before, found as right as it was."""
    article, was = _article(waiting, lock=True), waiting.before["was"]
    if article is None:
        raise LookupError(f"article {waiting.typed['article']} is gone")
    operations.edit(article, _content(was), editor_id=by_id, reason=_("Waits for approval again"))
    operations.find_as_before(article, was)
    return {"revision": article.revision_count}


def _address(waiting: Waiting) -> str:
    return url_for("knowledge.article", article_id=waiting.typed["article"])


def _goes_on(waiting: Waiting) -> str:
    return url_for("knowledge.edit", article_id=waiting.typed["article"], waiting=waiting.id)


def register() -> None:
    """Let edits of articles be held back."""
    label = _l("Edit of an article")
    public.register_held_kind(
        HeldKind(Way.ARTICLE, label, _fits, _publish, _stands, _withdraw, _address, goes_on=_goes_on)
    )
