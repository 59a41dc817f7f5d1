"""What the forum's pages show, gathered in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, true

from community.accounts.cards import PersonCard, card
from community.core.addresses import address
from community.core.paging import Page
from community.core.policies import Actor
from community.spaces.views import around

from . import policies, queries, reply_order, standing
from .arranging.queries import Ties, ties
from .composing.before import Notice, in_thread
from .dates.operations import can_set
from .dates.queries import Shown, event_of
from .models import Kind, Post, State, Thread
from .reactions.affected import Affected, affected_in
from .reactions.polls import PollView, poll_of
from .reactions.thanking import Thanks, lines_of
from .reading import marks as reading
from .snapshots import ThreadSnapshot, snapshot_of
from .suggesting.policies import can_decide, can_suggest

STATE_OF_KIND = {Kind.IDEA: "idea", Kind.ANNOUNCEMENT: "news", Kind.DISCUSSION: "discussion"}


@dataclass(frozen=True)
class ThreadRow:
    """A thread in a list."""

    url: str
    title: str
    state: str
    space_name: str
    author_name: str
    at: datetime
    replies: int
    have_too: int
    tags: tuple[str, ...]
    language: str
    pinned: bool
    note: str = ""
    note_late: bool = False
    unread: int = 0
    never_read: bool = False
    space_language: str = ""
    wanted: bool = False


def state_key(thread: Thread) -> str:
    """The word that a thread carries: of its state, or of its kind where that says more."""
    if thread.restricted:
        return "restricted"
    if thread.state in ("open", "answered") and thread.kind != Kind.QUESTION:
        return STATE_OF_KIND[Kind(thread.kind)]
    return thread.state


def row(thread: Thread) -> ThreadRow:
    """A thread as lists show it."""
    return ThreadRow(
        url=address("forum.thread", thread_id=thread.id),
        title=thread.title,
        state=state_key(thread),
        space_name=thread.space.name,
        author_name=thread.author.name,
        at=thread.last_activity_at,
        replies=thread.reply_count,
        have_too=thread.have_too_count,
        tags=tuple(thread.tags),
        language=thread.language,
        pinned=thread.pinned,
        space_language=thread.space.language,
        wanted=thread.kind == Kind.IDEA,
    )


class PostView(NamedTuple):
    """A post and what the reader may do with it."""

    post: Post
    person: PersonCard
    helpful: bool
    accepted: bool
    hidden: bool
    can_vote: bool
    can_edit: bool
    can_hide: bool
    can_restore: bool
    can_accept: bool
    mine: bool = False
    can_suggest: bool = False
    can_decide: bool = False
    not_helpful: bool = False
    thanked: bool = False
    bookmarked: bool = False
    can_find_not_helpful: bool = False
    can_thank: bool = False
    thanks: Sequence[Thanks] = ()

    @property
    def anchor(self) -> str:
        """Where the post stands on its page."""
        return f"post-{self.post.id}"


@dataclass(frozen=True)
class ThreadPage:
    """Everything that a thread's page shows, but for what packages above put into its slots."""

    thread: Thread
    snapshot: ThreadSnapshot
    state: str
    opening: PostView
    answer: PostView | None
    proposed: PostView | None
    replies: Page[PostView]
    super_users: list[PersonCard]
    related: list[Thread]
    have_too: bool
    own: Mapping[str, frozenset[int]]
    has_draft: bool
    can_reply: bool
    can_have_too: bool
    can_confirm: bool
    affected: Affected
    poll: PollView | None
    event: Shown | None
    can_set_date: bool
    order: str
    can_close: bool
    can_arrange: bool
    ties: Ties
    can_accept: bool
    before: Sequence[Notice] = ()

    @property
    def last_number(self) -> int:
        """The number of the post up to which this page shows the thread; 1 where it picks the most helpful replies."""
        picked = self.order and self.replies.pages > 1
        return 1 if picked else min(self.replies.number * self.replies.size, self.replies.total) + 1

    @property
    def is_public(self) -> bool:
        """Whether everybody may read the thread."""
        thread = self.thread
        limited = thread.restricted or thread.organisation_id is not None
        return thread.space.is_open and thread.hidden_at is None and not limited


def thread_page(thread: Thread, number: int, actor: Actor, *, order: str = "") -> ThreadPage:
    """Gather a thread's page: posts, own marks, super users, related threads, a statement each."""
    posts, ranked = _posts(thread, number, order)
    mine = queries.mine(actor, thread)
    helpers = around(thread.space)
    decides = policies.can_accept(actor, thread)
    weighs, lines = _weighs(actor, posts.rows), lines_of(posts.rows)
    views = [
        _view(post, mine, actor, helpers.ids, decides=decides, weighs=weighs, thanks=lines.get(post.id, ()))
        for post in posts.rows
    ]
    shown = [view for view in views if not view.hidden or queries.sees_hidden_post(actor, view.post)]
    answer = next((view for view in shown if view.accepted), None)
    return ThreadPage(
        thread=thread,
        snapshot=snapshot_of(thread),
        state=state_key(thread),
        opening=views[0],
        answer=answer,
        proposed=None if answer else _last_proposed(shown),
        replies=_ranked(posts, shown, ranked) if order else _replies(posts, shown, number),
        super_users=helpers.super_users,
        related=queries.related(actor, thread),
        have_too=mine.have_too,
        own=mine.ids,
        has_draft=mine.drafts,
        can_reply=policies.can_reply(actor, thread),
        can_have_too=policies.can_have_too(actor, thread),
        can_confirm=policies.can_confirm(actor, thread),
        affected=affected_in(thread, actor),
        poll=poll_of(thread, actor),
        event=event_of(thread),
        can_set_date=can_set(actor, thread),
        order=order,
        can_close=policies.can_close(actor, thread),
        can_arrange=policies.can_arrange(actor, thread),
        ties=ties(actor, thread),
        can_accept=decides,
        before=in_thread(actor, thread, mine.ids),
    )


def _posts(thread: Thread, number: int, order: str) -> tuple[Page[Post], list[int]]:
    return reply_order.posts_page(thread, number) if order else (queries.posts_page(thread, number), [])


def _weighs(actor: Actor, posts: Sequence[Post]) -> bool:
    """Whether the actor may find replies not helpful; their standing is asked only where there are some of others."""
    return any(policies.can_find_not_helpful(actor, post) for post in posts) and standing.holds(actor)


def _view(
    post: Post,
    mine: queries.Mine,
    actor: Actor,
    ringed: frozenset[int],
    *,
    decides: bool,
    weighs: bool,
    thanks: Sequence[Thanks],
) -> PostView:
    return PostView(
        post=post,
        person=card(post.author, ringed),
        helpful=post.id in mine.helpful,
        accepted=post.thread.solution_id == post.id,
        hidden=post.hidden_at is not None,
        can_vote=policies.can_vote(actor, post),
        can_edit=policies.can_edit(actor, post),
        can_hide=policies.can_hide(actor, post),
        can_restore=post.hidden_at is not None and policies.can_restore(actor, post),
        mine=actor.is_member and actor.id == post.author_id,
        can_suggest=can_suggest(actor, post),
        can_decide=post.suggested_count > 0 and can_decide(actor, post),
        can_accept=decides and not post.opens and post.hidden_at is None,
        not_helpful=post.id in mine.ids.get("not helpful", ()),
        thanked=post.id in mine.ids.get("thanked", ()),
        bookmarked=post.id in mine.ids.get("bookmarked", ()),
        can_find_not_helpful=weighs and policies.can_find_not_helpful(actor, post),
        can_thank=policies.can_thank(actor, post),
        thanks=thanks,
    )


def _last_proposed(views: list[PostView]) -> PostView | None:
    proposed = [view for view in views if view.post.proposed and not view.hidden]
    return proposed[-1] if proposed else None


def _replies(posts: Page[Post], shown: list[PostView], number: int) -> Page[PostView]:
    first = (number - 1) * posts.size + 2
    within = range(first, first + posts.size)
    return Page([view for view in shown if view.post.number in within], number, posts.size, posts.total)


def _ranked(posts: Page[Post], shown: list[PostView], ids: list[int]) -> Page[PostView]:
    seen = {view.post.id: view for view in shown}
    return Page([seen[id_] for id_ in ids if id_ in seen], posts.number, posts.size, posts.total)


@dataclass(frozen=True)
class HomePage:
    """What waits, where one could help, what was solved, what is new."""

    waiting: list[ThreadRow]
    helpable: list[ThreadRow]
    solved: list[ThreadRow]
    news: list[ThreadRow]
    ideas: list[ThreadRow]


def home_page(actor: Actor, also: Sequence[ColumnElement[bool]] = ()) -> HomePage:
    """Gather the home page in one statement, and in one more what a member has not read.

    `also` are conditions of all but what waits for the actor.
    """
    question, unanswered = Thread.kind == Kind.QUESTION, Thread.state.in_((State.OPEN, State.ANSWERED))
    others = Thread.author_id != actor.id if actor.is_member else true()
    wanted = {
        "helpable": queries.Section((question, unanswered, others, *also), 8),
        "solved": queries.Section((Thread.state == State.SOLVED, *also), 5),
        "news": queries.Section((Thread.kind == Kind.ANNOUNCEMENT, *also), 4, newest=True),
        "ideas": queries.Section((Thread.kind == Kind.IDEA, *also), 4),
    }
    if actor.is_member:
        waits = (Thread.author_id == actor.id, question, Thread.state == State.ANSWERED)
        wanted["waiting"] = queries.Section(waits, 5)
    sections = queries.sections(actor, wanted)
    news = reading.news_of(actor, {thread.id for threads in sections.values() for thread in threads})
    found = {name: [_with_news(thread, news) for thread in threads] for name, threads in sections.items()}
    return HomePage(**{"waiting": [], **found})


def rows_for(actor: Actor, threads: Sequence[Thread]) -> list[ThreadRow]:
    """Threads as lists show them, with what the actor has not read of each, in one statement more."""
    news = reading.news_of(actor, [thread.id for thread in threads])
    return [_with_news(thread, news) for thread in threads]


def _with_news(thread: Thread, news: Mapping[int, reading.News]) -> ThreadRow:
    found = news.get(thread.id)
    return replace(row(thread), unread=found.posts, never_read=found.first == 1) if found else row(thread)
