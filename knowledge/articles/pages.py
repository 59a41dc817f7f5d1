"""What the pages of articles show, gathered in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community import public
from community.core.diff import Part, inline
from community.core.numbers import whole_number
from community.core.paging import Page
from community.core.policies import Actor
from community.public import MemberSnapshot, SpaceSnapshot, ThreadSnapshot

from . import policies, queries
from .forms import lines_of
from .models import Article, ArticleRevision, Audience, Confidence, LinkKind

# Confidence: (glyph, word, tone) of the state macro.
CONFIDENCE = {
    Confidence.WORK_IN_PROGRESS.value: ("edit", _l("Work in progress"), "wait"),
    Confidence.NOT_VALIDATED.value: ("review", _l("Not validated"), "wait"),
    Confidence.VALIDATED.value: ("solved", _l("Validated"), "solved"),
    Confidence.ARCHIVED.value: ("closed", _l("Archived"), "plain"),
}
LANGUAGES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
STATES = {
    "": _l("Published"),
    "validated": _l("Validated"),
    "not-validated": _l("Not validated"),
    "draft": _l("Drafts"),
    "archived": _l("Archived"),
}


@dataclass(frozen=True)
class Step:
    """One save: who, when and why."""

    number: int
    editor: MemberSnapshot
    at: datetime
    reason: str


@dataclass(frozen=True)
class ArticlePage:
    """An article with all that stands around it."""

    article: Article
    confidence: tuple[str, object, str]
    author: MemberSnapshot
    keeper: MemberSnapshot
    validated_by: MemberSnapshot | None
    space: SpaceSnapshot | None
    source: ThreadSnapshot | None
    reused: list[ThreadSnapshot]
    history: list[Step]
    feedback: bool | None
    can_edit: bool
    can_validate: bool
    waits_for_second: bool
    can_publish: bool
    can_archive: bool
    can_give_feedback: bool

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it once it is published."""
        return self.article.audience == Audience.PUBLIC

    @property
    def checked_by_use(self) -> bool:
        """Whether the last check was a use that helped, not a validation."""
        return self.article.last_checked_at != self.article.validated_at

    @property
    def ask_url(self) -> str:
        """Where to ask when the article did not help."""
        slug = self.space.slug if self.space else None
        return url_for("forum.ask", title=self.article.title, space=slug)


def article_page(actor: Actor, article: Article) -> ArticlePage:
    """Everything the article's page shows."""
    revisions = queries.newest_revisions(article.id)
    people = _people(article, revisions)
    links = queries.links_of(article.id)
    threads = public.threads_visible_to(actor, links)
    return ArticlePage(
        article=article,
        confidence=CONFIDENCE[article.confidence],
        author=people[article.author_id],
        keeper=people[article.validated_by_id or article.author_id],
        validated_by=people.get(article.validated_by_id or 0),
        space=public.space(article.space_id) if article.space_id else None,
        source=next((threads[id_] for id_, kind in links.items() if kind == LinkKind.SOURCE and id_ in threads), None),
        reused=[threads[id_] for id_, kind in links.items() if kind != LinkKind.SOURCE and id_ in threads],
        history=[Step(row.number, people[row.editor_id], row.at, row.reason) for row in revisions],
        feedback=queries.feedback_of(actor, article.id),
        can_edit=policies.can_edit(actor, article),
        can_validate=policies.can_validate(actor, article),
        waits_for_second=_waits(actor, article),
        can_publish=policies.can_publish(actor, article),
        can_archive=policies.can_archive(actor, article),
        can_give_feedback=policies.can_give_feedback(actor, article),
    )


def _people(article: Article, revisions: Sequence[ArticleRevision]) -> dict[int, MemberSnapshot]:
    ids = {article.author_id, *(row.editor_id for row in revisions)}
    return public.members(ids | ({article.validated_by_id} if article.validated_by_id else set()))


def _waits(actor: Actor, article: Article) -> bool:
    """Whether the actor could validate it, were it not their own."""
    open_ = not article.is_validated and not article.is_archived
    return open_ and policies.can_edit(actor, article) and not policies.is_second_person(actor, article)


FIELDS = ("title", "issue", "environment", "resolution", "cause", "tags")  # in the order of `_texts`


@dataclass(frozen=True)
class Change:
    """One field as a save changed it."""

    label: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class RevisionStep:
    """One save and what it changed; nothing where it was the first."""

    step: Step
    first: bool
    current: bool
    changes: list[Change]


def revision_steps(article: Article, page: Page[ArticleRevision], before: ArticleRevision | None) -> list[RevisionStep]:
    """The saves of a page, newest first, each against the one before it."""
    people = public.members({row.editor_id for row in page.rows})
    older: list[ArticleRevision | None] = [*page.rows[1:], before]
    return [
        RevisionStep(
            step=Step(row.number, people[row.editor_id], row.at, row.reason),
            first=row.number == 1,
            current=row.number == article.revision_count,
            changes=_changes(old, row) if old is not None else [],
        )
        for row, old in zip(page.rows, older, strict=False)
    ]


def _changes(old: ArticleRevision, new: ArticleRevision) -> list[Change]:
    texts = zip(_texts(old), _texts(new), strict=True)
    return [Change(label, inline(was, now)) for (label, was), (_label, now) in texts if was != now]


@dataclass(frozen=True)
class Meanwhile:
    """What was saved since a form was opened: by whom, and how each field changed, by the field's name."""

    by: str
    changes: dict[str, Change]


def saved_meanwhile(article: Article, opened_with: str) -> Meanwhile | None:
    """What others saved since the revision of this number, which a form was opened with; None where there is none."""
    number = whole_number(opened_with) or 0
    before, last = queries.revision(article.id, number), queries.revision(article.id, article.revision_count)
    if before is None or last is None:
        return None
    texts = zip(FIELDS, _texts(before), _texts(last), strict=True)
    changes = {name: Change(label, inline(was, now)) for name, (label, was), (_label, now) in texts if was != now}
    return Meanwhile(public.members([last.editor_id])[last.editor_id].name, changes)


def _texts(row: ArticleRevision) -> list[tuple[str, str]]:
    return [
        (_("Title"), row.title),
        (_("Issue"), row.issue),
        (_("Environment"), lines_of(row.environment)),
        (_("Resolution"), row.resolution),
        (_("Cause"), row.cause),
        (_("Tags"), " ".join(row.tags)),
    ]


@dataclass(frozen=True)
class Row:
    """An article in a list."""

    article: Article
    state: tuple[str, object, str]
    space: SpaceSnapshot | None
    author_name: str


def rows_of(page: Page[Article], spaces: Sequence[SpaceSnapshot]) -> Page[Row]:
    """A page of articles with names, in one statement."""
    by_id = {space.id: space for space in spaces}
    people = public.members({article.author_id for article in page.rows})
    return page.map(
        lambda article: Row(
            article,
            CONFIDENCE[article.confidence],
            by_id.get(article.space_id or 0),
            people[article.author_id].name,
        )
    )
