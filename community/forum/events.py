"""Facts of the forum."""

from dataclasses import dataclass

from community.core.events import Event

from .tagging.events import TagMerged as TagMerged


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
class IdeaDecided(ThreadEvent):
    """The provider said what becomes of an idea: `state` is planned, done, declined or open. `post_id` says why."""

    name = "forum.idea.decided"
    state: str
    post_id: int


@dataclass(frozen=True, kw_only=True)
class PublishedAsItIs(ThreadEvent):
    """A text was published although its author was asked about something in it. `kinds` say what it looked like."""

    name = "forum.post.published_as_it_is"
    post_id: int
    kinds: tuple[str, ...]


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
class ThreadUnrestricted(ThreadEvent):
    """What was restricted was no threat: the thread is shown again to whoever reads its space."""

    name = "forum.thread.unrestricted"


@dataclass(frozen=True, kw_only=True)
class ThreadKeptWithin(ThreadEvent):
    """From now on only the people of one organisation and the provider's staff see the thread."""

    name = "forum.thread.kept-within"
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class ThreadClosed(ThreadEvent):
    """No more replies are taken."""

    name = "forum.thread.closed"
    reason: str = ""


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


@dataclass(frozen=True, kw_only=True)
class ConfirmationAsked(ThreadEvent):
    """Some days after an answer was accepted its author is asked whether it lasted. Nobody in particular asks."""

    name = "forum.confirmation.asked"
    post_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class AnswerConfirmed(ThreadEvent):
    """The author of the thread says that the accepted answer lasted. `actor_id` is the author."""

    name = "forum.answer.confirmed"
    post_id: int
    solver_id: int


@dataclass(frozen=True, kw_only=True)
class NotHelpfulMarked(ThreadEvent):
    """A member with standing found a reply not helpful. It moves no points."""

    name = "forum.not-helpful.marked"
    post_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class NotHelpfulUnmarked(ThreadEvent):
    """A member took that back."""

    name = "forum.not-helpful.unmarked"
    post_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class VoteSetAside(ThreadEvent):
    """A vote was set aside by a moderator: it counts nowhere, and its points fall away. `actor_id` decided so."""

    name = "forum.vote.set-aside"
    post_id: int
    author_id: int
    voter_id: int
    helpful: bool


@dataclass(frozen=True, kw_only=True)
class VoteGivenBack(ThreadEvent):
    """It counts again, as of the day on which it was given."""

    name = "forum.vote.given-back"
    post_id: int
    author_id: int
    voter_id: int
    helpful: bool


@dataclass(frozen=True, kw_only=True)
class PostThanked(ThreadEvent):
    """A member thanked the author of a post."""

    name = "forum.post.thanked"
    post_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class ThanksWithdrawn(ThreadEvent):
    """A member took the thanks back."""

    name = "forum.thanks.withdrawn"
    post_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class BookmarkDue(ThreadEvent):
    """The day has come on which a member wanted to be reminded of a post. It says nothing of their note."""

    name = "forum.bookmark.due"
    post_id: int
    bookmark_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True)
class ThreadPinned(ThreadEvent):
    """The thread comes first in its space, until a moment (ISO 8601) where one is given."""

    name = "forum.thread.pinned"
    reason: str
    until: str = ""


@dataclass(frozen=True, kw_only=True)
class ThreadUnpinned(ThreadEvent):
    """The thread stands among the others again; nobody did it where its time was over."""

    name = "forum.thread.unpinned"


@dataclass(frozen=True, kw_only=True)
class ThreadMoved(ThreadEvent):
    """The thread stands in another space now, and those who read that space read it."""

    name = "forum.thread.moved"
    from_space_id: int
    to_space_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ThreadSplit(ThreadEvent):
    """Some replies of the thread became a thread of their own. The first of them opens it; `author_id` wrote that."""

    name = "forum.thread.split"
    new_thread_id: int
    post_ids: tuple[int, ...]
    reason: str
    author_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ThreadMerged(ThreadEvent):
    """All posts of the thread stand in another one from now on, and its address leads there."""

    name = "forum.thread.merged"
    target_id: int
    post_ids: tuple[int, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class ThreadMarkedDuplicate(ThreadEvent):
    """The thread asks what `other_id` asks, and is closed. `moved` are who have that one too from now on."""

    name = "forum.thread.marked-duplicate"
    other_id: int
    moved: tuple[int, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class ThreadUnmarkedDuplicate(ThreadEvent):
    """It is no duplicate after all; who came along by it is counted at the other thread no longer."""

    name = "forum.thread.unmarked-duplicate"
    other_id: int


@dataclass(frozen=True, kw_only=True)
class ThreadSlowed(ThreadEvent):
    """Everybody waits so many `minutes` between two posts in it; 0 is as usual."""

    name = "forum.thread.slowed"
    minutes: int


@dataclass(frozen=True, kw_only=True)
class EditSuggested(ThreadEvent):
    """A member proposed to change somebody's text."""

    name = "forum.edit.suggested"
    post_id: int
    suggestion_id: int


@dataclass(frozen=True, kw_only=True)
class SuggestionAccepted(ThreadEvent):
    """The text reads as it was proposed, or nearly so where it was `changed`."""

    name = "forum.suggestion.accepted"
    post_id: int
    suggestion_id: int
    suggester_id: int
    changed: bool = False


@dataclass(frozen=True, kw_only=True)
class SuggestionRefused(ThreadEvent):
    """The text stays as it was; `word` says why."""

    name = "forum.suggestion.refused"
    post_id: int
    suggestion_id: int
    suggester_id: int
    word: str


@dataclass(frozen=True, kw_only=True)
class SuggestionWithdrawn(ThreadEvent):
    """Whoever proposed a change took it back."""

    name = "forum.suggestion.withdrawn"
    post_id: int
    suggestion_id: int


@dataclass(frozen=True, kw_only=True)
class SavedSearchFound(Event):
    """A search that a member saved found something new. It says how much, not what, and nothing of the words."""

    name = "forum.search.found"
    subject = "search_id"
    search_id: int
    member_id: int
    count: int
