"""The lists of threads: what each holds, and how a reader narrows any of them by one form."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select

from community.core.addresses import address
from community.core.db import db
from community.core.paging import Page
from community.core.policies import Actor
from community.spaces.models import Space

from .. import queries
from ..models import HaveToo, Kind, Post, State, Thread, ThreadTag
from ..pages import ThreadRow, rows_for
from ..queries import Filter
from ..reactions.bookmarks import Bookmark
from ..reading import marks as reading
from . import hot as lists_hot

STATES = {
    "": _l("All"),
    "unsolved": _l("Unsolved"),
    "unanswered": _l("No reply yet"),
    "solved": _l("Solved"),
    "desk": _l("With the service desk"),
}
ORDERS = {
    "latest": _l("Latest activity"),
    "newest": _l("Newest"),
    "oldest": _l("Oldest"),
    "affected": _l("Most affected"),
}
HOTTEST = {"hot": _l("Hottest"), **ORDERS}
KINDS = {
    Kind.QUESTION.value: _l("Questions"),
    Kind.DISCUSSION.value: _l("Discussions"),
    Kind.IDEA.value: _l("Ideas"),
    Kind.ANNOUNCEMENT.value: _l("News"),
}
MARKED = {"yes": _l("Bookmarked by me")}
WRITTEN_IN = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
LONGEST_TAG = 40
TAGS_KNOWN = 20
NOTHING = _l("Nothing here now.")
LATER = _l("When something comes, you find it on this page.")

Conditions = Callable[[Actor], Iterable[ColumnElement[bool]]]


def _everything(actor: Actor) -> Iterable[ColumnElement[bool]]:
    return ()


def _of_mine(actor: Actor) -> Iterable[ColumnElement[bool]]:
    too = exists().where(HaveToo.thread_id == Thread.id, HaveToo.member_id == actor.id)
    return (or_(Thread.author_id == actor.id, too),)


def _of_my_organisation(actor: Actor) -> Iterable[ColumnElement[bool]]:
    return (Thread.organisation_id == actor.organisation_id if actor.organisation_id is not None else false(),)


def _tags_known(member_id: int | None) -> Select[str]:
    helped = or_(Thread.solution_id == Post.id, Post.helpful_count > 0)
    return (
        select(ThreadTag.tag)
        .join(Thread, Thread.id == ThreadTag.thread_id)
        .join(Post, Post.thread_id == Thread.id)
        .where(Post.author_id == member_id, Post.number > 1, Post.hidden_at.is_(None), helped)
        .group_by(ThreadTag.tag)
        .order_by(func.count().desc(), ThreadTag.tag)
        .limit(TAGS_KNOWN)
    )


_also_known: list[Callable[[int | None], Select[str]]] = []


def know_too(tags: Callable[[int | None], Select[str]]) -> None:
    """Let people know the tags of a further statement, by the member's id. Called at import."""
    _also_known.append(tags)


def tags_known_to(actor: Actor) -> list[str]:
    """Tags that the actor helped with, by replies accepted or found helpful, most of them first; then others known."""
    parts = [_tags_known(actor.id), *(tags(actor.id) for tags in _also_known)]
    return list(dict.fromkeys(tag for part in parts for tag in db.session.scalars(part)))


def _for_me(actor: Actor) -> Iterable[ColumnElement[bool]]:
    parts = [_tags_known(actor.id), *(tags(actor.id) for tags in _also_known)]
    tagged = select(ThreadTag.thread_id).where(or_(*(ThreadTag.tag.in_(part) for part in parts)))
    replied = exists().where(Post.thread_id == Thread.id, Post.author_id == actor.id)
    return (
        Thread.kind == Kind.QUESTION,
        Thread.state.in_((State.OPEN, State.ANSWERED)),
        Thread.id.in_(tagged),
        ~replied,
    )


@dataclass(frozen=True)
class ThreadList:
    """A list: its words, its order, what it is narrowed to by itself, and who has one.

    `whole` ones hold all that a reader may see, so that to mark them as read needs one moment and no marks.
    """

    name: str
    title: LazyString
    text: LazyString | str = ""
    order: str = "latest"
    fixed: Filter = field(default_factory=Filter)
    own: bool = False
    whole: bool = False
    tab: bool = True
    orders: Mapping[str, LazyString] = field(default_factory=lambda: ORDERS)
    conditions: Conditions = _everything
    endpoint: str = ""
    muted_too: bool = False
    empty: LazyString = NOTHING
    then: LazyString = LATER

    @property
    def url(self) -> str:
        """Where it is."""
        return address(self.endpoint or f"pages.{self.name}")


_ALL = (
    ThreadList("threads", _l("All threads"), whole=True),
    ThreadList(
        "hot",
        _l("Hot"),
        _l("What people look at, have too and reply to most these days."),
        order="hot",
        orders=HOTTEST,
        conditions=lambda _actor: (lists_hot.IS_HOT,),
    ),
    ThreadList(
        "unanswered",
        _l("Unanswered"),
        _l("Nobody has replied yet; the longest wait comes first."),
        order="oldest",
        fixed=Filter(state="unanswered"),
    ),
    ThreadList(
        "unsolved",
        _l("Unsolved"),
        _l("Questions without an accepted answer; the longest wait comes first."),
        order="oldest",
        fixed=Filter(state="unsolved"),
    ),
    ThreadList("unread", _l("Unread"), own=True, whole=True, conditions=lambda actor: (reading.unread(actor),)),
    ThreadList(
        "new",
        _l("New to you"),
        _l("What was written since your last visit and you have not read yet."),
        own=True,
        conditions=lambda actor: (reading.since_last_visit(actor),),
    ),
    ThreadList(
        "for_me",
        _l("For you to answer"),
        order="oldest",
        own=True,
        conditions=_for_me,
        then=_l("Questions come here by tags that you say you know, and by tags of answers of yours that helped."),
    ),
    ThreadList(
        "mine",
        _l("My threads"),
        _l("What you asked, and what you have too."),
        own=True,
        muted_too=True,
        conditions=_of_mine,
        empty=_l("You have not asked anything yet."),
        then=_l("Somebody here may know already."),
    ),
    ThreadList(
        "organisation",
        _l("My organisation"),
        _l("What only people of your organisation and the provider's staff may read."),
        own=True,
        tab=False,
        conditions=_of_my_organisation,
    ),
    ThreadList(
        "ideas",
        _l("Ideas"),
        _l("What people suggested, most wanted first."),
        order="affected",
        fixed=Filter(kind=Kind.IDEA),
        tab=False,
    ),
    ThreadList(
        "news",
        _l("News"),
        _l("What changes, and when."),
        order="newest",
        fixed=Filter(kind=Kind.ANNOUNCEMENT),
        tab=False,
    ),
)
LISTS = {each.name: each for each in _ALL}
_wanted: list[Callable[[Actor], ColumnElement[bool]]] = []


def leave_out_unless(wanted: Callable[[Actor], ColumnElement[bool]]) -> None:
    """Let lists hold only what a reader wants, but for lists that are `muted_too`, and for one space or tag."""
    _wanted.append(wanted)


def _not_muted(listed: ThreadList, asked: "Narrowed", actor: Actor) -> list[ColumnElement[bool]]:
    if listed.muted_too or asked.space is not None or asked.tag:
        return []
    return wanted_by(actor)


def wanted_by(actor: Actor) -> list[ColumnElement[bool]]:
    """What leaves out all that a reader does not want to see; nothing for whoever is not signed in."""
    return [wanted(actor) for wanted in _wanted] if actor.is_member else []


@dataclass(frozen=True)
class Narrowed:
    """What a reader asked of a list, checked; what makes no sense was left out."""

    space: Space | None = None
    kind: str = ""
    state: str = ""
    tag: str = ""
    language: str = ""
    marked: str = ""
    order: str = ""

    @property
    def filter(self) -> Filter:
        """As conditions of a statement, but for `marked`, which is the reader's own."""
        space_id = self.space.id if self.space else None
        return Filter(space_id, self.kind, self.tag, self.state, language=self.language)

    @property
    def query(self) -> dict[str, str]:
        """What is set, as arguments of an address, always in the same order."""
        given = {"space": self.space.slug if self.space else ""}
        names = ("kind", "state", "tag", "language", "marked", "order")
        return {key: value for key, value in (given | {name: getattr(self, name) for name in names}).items() if value}

    @property
    def is_wide(self) -> bool:
        """Whether it says no more than a space or a tag: such lists are worth finding by a search engine."""
        return len(self.query) <= 1 and not (self.kind or self.state or self.language or self.marked or self.order)


def narrowed(given: Mapping[str, str], spaces: Sequence[Space], orders: Mapping[str, object] = HOTTEST) -> Narrowed:
    """What a request asks for, among the spaces that the reader may see."""
    slug = given.get("space", "")

    def one_of(name: str, offered: Iterable[str]) -> str:
        value = given.get(name, "")
        return value if value in set(offered) else ""

    return Narrowed(
        space=next((space for space in spaces if space.slug == slug), None),
        kind=one_of("kind", KINDS),
        state=one_of("state", STATES),
        tag=given.get("tag", "")[:LONGEST_TAG].strip().lower(),
        language=one_of("language", WRITTEN_IN),
        marked=one_of("marked", MARKED),
        order=one_of("order", orders),
    )


def within(listed: ThreadList, asked: Narrowed) -> Narrowed:
    """What was asked, under what the list itself is narrowed to."""
    fixed = listed.fixed
    order = asked.order if asked.order in listed.orders and asked.order != listed.order else ""
    return replace(asked, kind="" if fixed.kind else asked.kind, state="" if fixed.state else asked.state, order=order)


def _marked(asked: Narrowed, actor: Actor) -> list[ColumnElement[bool]]:
    """Threads of which the actor marked a post; whoever is not signed in marked none."""
    if not asked.marked:
        return []
    own = select(Post.thread_id).join(Bookmark, Bookmark.post_id == Post.id).where(Bookmark.member_id == actor.id)
    return [Thread.id.in_(own) if actor.is_member else false()]


def conditions_of(listed: ThreadList, asked: Narrowed, actor: Actor) -> list[ColumnElement[bool]]:
    """All that a thread must meet to be in the list, but for being readable."""
    narrowed = [*within(listed, asked).filter.conditions(), *_marked(asked, actor)]
    return [*listed.fixed.conditions(), *narrowed, *listed.conditions(actor)]


def page_of(listed: ThreadList, asked: Narrowed, actor: Actor, number: int) -> Page[ThreadRow]:
    """One page of a list with the reader's own marks."""
    found = queries.thread_page(
        actor,
        asked.filter,
        number,
        order=asked.order or listed.order,
        also=[
            *listed.fixed.conditions(),
            *listed.conditions(actor),
            *_marked(asked, actor),
            *_not_muted(listed, asked, actor),
        ],
    )
    return Page(rows_for(actor, found.rows), found.number, found.size, found.total)
