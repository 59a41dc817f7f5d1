"""Facts of the forum."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ThreadEvent(Event):
    """What all facts about a thread carry."""

    subject = "thread_id"
    thread_id: int


@dataclass(frozen=True, kw_only=True)
class ThreadStarted(ThreadEvent):
    """A question was asked, or another kind of thread begun. `actor_id` is its author."""

    name = "forum.thread.started"
    post_id: int
    kind: str
    mentioned: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReplyPosted(ThreadEvent):
    """Somebody replied. `origin` is "peer", or "desk" when it came over the bridge."""

    name = "forum.reply.posted"
    post_id: int
    origin: str = "peer"
    reply_to_id: int | None = None
    mentioned: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PostEdited(ThreadEvent):
    """A text changed; the text before is kept as a revision. `mentioned` are people whom it did not call before."""

    name = "forum.post.edited"
    post_id: int
    mentioned: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PostHidden(ThreadEvent):
    """A post was taken from view, with a reason. Points it earned fall away."""

    name = "forum.post.hidden"
    post_id: int
    author_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PostRestored(ThreadEvent):
    """A hidden post is shown again."""

    name = "forum.post.restored"
    post_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class ThreadHidden(ThreadEvent):
    """A whole thread was taken from view, with a reason."""

    name = "forum.thread.hidden"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ThreadRestored(ThreadEvent):
    """A hidden thread is shown again."""

    name = "forum.thread.restored"


@dataclass(frozen=True, kw_only=True)
class ThreadRestricted(ThreadEvent):
    """From now on only its author and the provider's staff see the thread."""

    name = "forum.thread.restricted"


@dataclass(frozen=True, kw_only=True)
class ThreadClosed(ThreadEvent):
    """No more replies are taken."""

    name = "forum.thread.closed"


@dataclass(frozen=True, kw_only=True)
class ThreadReopened(ThreadEvent):
    """A closed thread takes replies again."""

    name = "forum.thread.reopened"


@dataclass(frozen=True, kw_only=True)
class AnswerAccepted(ThreadEvent):
    """A reply was accepted as the answer."""

    name = "forum.answer.accepted"
    post_id: int
    solver_id: int
    origin: str = "peer"


@dataclass(frozen=True, kw_only=True)
class AnswerUnaccepted(ThreadEvent):
    """The accepted answer was taken back."""

    name = "forum.answer.unaccepted"
    post_id: int
    solver_id: int


@dataclass(frozen=True, kw_only=True)
class HelpfulMarked(ThreadEvent):
    """A member found a post helpful."""

    name = "forum.helpful.marked"
    post_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class HelpfulUnmarked(ThreadEvent):
    """A member took that back."""

    name = "forum.helpful.unmarked"
    post_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class HaveTooAdded(ThreadEvent):
    """A member has the same problem."""

    name = "forum.have-too.added"


@dataclass(frozen=True, kw_only=True)
class HaveTooRemoved(ThreadEvent):
    """A member no longer has the problem, or never had."""

    name = "forum.have-too.removed"
