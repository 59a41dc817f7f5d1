"""What the forum's pages show, gathered in a fixed number of statements."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import true

from community.accounts.cards import PersonCard, card
from community.core.addresses import address
from community.core.paging import Page
from community.core.policies import Actor
from community.spaces.views import around

from . import policies, queries
from .models import Kind, Post, State, Thread
from .snapshots import ThreadSnapshot, snapshot_of

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
    )


@dataclass(frozen=True)
class PostView:
    """A post and what the reader may do with it."""

    post: Post
    person: PersonCard
    helpful: bool
    accepted: bool
    hidden: bool
    can_vote: bool
    can_edit: bool
    can_hide: bool
    can_accept: bool

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
    following: bool
    can_reply: bool
    can_have_too: bool
    can_close: bool
    can_accept: bool


def thread_page(thread: Thread, number: int, actor: Actor) -> ThreadPage:
    """Gather a thread's page: posts, own marks, super users, related threads, a statement each."""
    posts = queries.posts_page(thread, number)
    mine = queries.mine(actor, thread)
    helpers = around(thread.space)
    ringed = helpers.ids
    decides = policies.can_accept(actor, thread)
    views = [_view(post, mine, actor, ringed, decides=decides) for post in posts.rows]
    shown = [view for view in views if not view.hidden or queries.sees_hidden_post(actor, view.post)]
    answer = next((view for view in shown if view.accepted), None)
    return ThreadPage(
        thread=thread,
        snapshot=snapshot_of(thread),
        state=state_key(thread),
        opening=views[0],
        answer=answer,
        proposed=None if answer else _last_proposed(shown),
        replies=_replies(posts, shown, number),
        super_users=helpers.super_users,
        related=queries.related(actor, thread),
        have_too=mine.have_too,
        following=mine.following,
        can_reply=policies.can_reply(actor, thread),
        can_have_too=policies.can_have_too(actor, thread),
        can_close=policies.can_close(actor, thread),
        can_accept=decides,
    )


def _view(post: Post, mine: queries.Mine, actor: Actor, ringed: frozenset[int], *, decides: bool) -> PostView:
    return PostView(
        post=post,
        person=card(post.author, ringed),
        helpful=post.id in mine.helpful,
        accepted=post.thread.solution_id == post.id,
        hidden=post.hidden_at is not None,
        can_vote=policies.can_vote(actor, post),
        can_edit=policies.can_edit(actor, post),
        can_hide=policies.can_hide(actor, post),
        can_accept=decides and not post.opens and post.hidden_at is None,
    )


def _last_proposed(views: list[PostView]) -> PostView | None:
    proposed = [view for view in views if view.post.proposed and not view.hidden]
    return proposed[-1] if proposed else None


def _replies(posts: Page[Post], shown: list[PostView], number: int) -> Page[PostView]:
    first = (number - 1) * posts.size + 2
    within = range(first, first + posts.size)
    return Page([view for view in shown if view.post.number in within], number, posts.size, posts.total)


@dataclass(frozen=True)
class HomePage:
    """What waits, where one could help, what was solved, what is new."""

    waiting: list[ThreadRow]
    helpable: list[ThreadRow]
    solved: list[ThreadRow]
    news: list[ThreadRow]
    ideas: list[ThreadRow]


def home_page(actor: Actor) -> HomePage:
    """Gather the home page in one statement."""
    question, unanswered = Thread.kind == Kind.QUESTION, Thread.state.in_((State.OPEN, State.ANSWERED))
    others = Thread.author_id != actor.id if actor.is_member else true()
    wanted = {
        "helpable": queries.Section((question, unanswered, others), 8),
        "solved": queries.Section((Thread.state == State.SOLVED,), 5),
        "news": queries.Section((Thread.kind == Kind.ANNOUNCEMENT,), 4, newest=True),
        "ideas": queries.Section((Thread.kind == Kind.IDEA,), 4),
    }
    if actor.is_member:
        waits = (Thread.author_id == actor.id, question, Thread.state == State.ANSWERED)
        wanted["waiting"] = queries.Section(waits, 5)
    found = {name: _rows(threads) for name, threads in queries.sections(actor, wanted).items()}
    return HomePage(**{"waiting": [], **found})


def _rows(threads: list[Thread]) -> list[ThreadRow]:
    return [row(thread) for thread in threads]
