"""What goes on to the desk when something happens to a query or its threads here. Safe to run twice, in any order."""

from flask_babel import gettext as _
from sqlalchemy import select

from bridge.desks.contract import DeskStatus
from bridge.events import InformationGiven, QueryClosed, QueryEvent, QueryReclassified, QueryReopened, ThreadJoined
from bridge.queries import queries as query_reads
from bridge.queries.models import QueryThread
from bridge.queries.redaction import redact
from bridge.words import CLASSES
from community import public
from community.core import i18n
from community.core.db import db
from community.core.events import Fact, subscribe
from community.forum.events import AnswerAccepted, HaveTooAdded, PostEdited, PostHidden, PostRestored, ReplyPosted
from community.public import PostSnapshot

from . import weighing  # noqa: F401 - subscribes
from .attaching import files_with, named_in, went_with
from .models import DeskMessage, HandOver
from .operations import drop_waiting, let_files_follow, say, tell_status
from .queries import active_of, locked

WORKING_THERE = (DeskStatus.NEW, DeskStatus.IN_PROGRESS, DeskStatus.WAITING_DESK, DeskStatus.ON_HOLD)
FINISHED_THERE = (DeskStatus.CLOSED, DeskStatus.REJECTED)
# The desk hears how many people are affected when they become this many.
CROWDS = (3, 10, 25, 50, 100, 250, 500, 1000)


@subscribe(ReplyPosted)
def pass_on_words(event: ReplyPosted, _fact: Fact) -> None:
    """The author's posts reach the desk, others' where the desk wants them; its own words never go back."""
    if event.origin == "desk":
        return
    for way in _ways_of(event.thread_id):
        locked(way.id)
        _pass_on(way, _link(way, event.thread_id))


def _pass_on(way: HandOver, link: QueryThread) -> None:
    # All that came so far, not only this post: facts may be handed out in another order than they happened.
    for post in public.posts_since(link.thread_id, link.linked_at):
        if post.origin != "desk" and (not way.desk.only_author or post.author.id == link.author_id):
            files = files_with(way, post, link.author_id)
            say(way, _words(post), author=post.author.name, source=f"post:{post.id}", at=post.created_at, files=files)


@subscribe(PostEdited)
def pass_on_edits(event: PostEdited, fact: Fact) -> None:
    """What was sent and changed afterwards is sent again as it reads now; files that were added go along."""
    post = public.post_snapshot_of(event.post_id)
    if post is None or post.hidden:
        return
    for way in _ways_of(event.thread_id):
        _pass_on_edit(way, _link(way, event.thread_id), post, fact)


def _pass_on_edit(way: HandOver, link: QueryThread, post: PostSnapshot, fact: Fact) -> None:
    files = files_with(way, post, link.author_id)
    _speak(way)
    if _was_sent(way, link, post.id):
        text = _("The author changed this text. It now reads:") + f"\n\n{_words(post)}"
        say(way, text, author=post.author.name, source=f"post:{post.id}:edit:{fact.id}", at=fact.at, files=files)
    elif files and went_with(post, link):
        text = _("Files that were added to an earlier text:")
        say(way, text, author=post.author.name, source=f"post:{post.id}:files:{fact.id}", at=fact.at, files=files)


@subscribe(PostHidden)
def pass_on_withdrawals(event: PostHidden, fact: Fact) -> None:
    """What was sent and is no longer shown here: the desk is told to leave it out of account."""
    for way in _ways_of(event.thread_id):
        link = _link(way, event.thread_id)
        if _was_sent(way, link, event.post_id):
            _withdraw(way, link, event.post_id, fact)


def _withdraw(way: HandOver, link: QueryThread, post_id: int, fact: Fact) -> None:
    """What waits to be sent is not sent any more; what went before, or may have gone, is called back."""
    opens = post_id == public.opening_and_answer(link.thread_id)[0].id
    if not drop_waiting(way, source=f"post:{post_id}") or opens:
        _speak(way)
        text = _("An earlier text was withdrawn in the community.")
        say(way, text, author="", source=f"post:{post_id}:hidden:{fact.id}")


@subscribe(PostRestored)
def pass_on_returns(event: PostRestored, fact: Fact) -> None:
    """What is shown again counts again: it is said once more, or for the first time where it had waited."""
    post = public.post_snapshot_of(event.post_id)
    if post is None or post.hidden:
        return
    for way in _ways_of(event.thread_id):
        link = _link(way, event.thread_id)
        if _called_back(way, post.id):
            _speak(way)
            text = _("A text that was withdrawn in the community is shown there again:") + f"\n\n{_words(post)}"
            say(way, text, author=post.author.name, source=f"post:{post.id}:restored:{fact.id}", at=fact.at)
        else:
            locked(way.id)
            _pass_on(way, link)


def _called_back(way: HandOver, post_id: int) -> bool:
    """Whether the desk was told to leave a post out of account."""
    told = DeskMessage.source.startswith(f"post:{post_id}:hidden:", autoescape=True)
    known = select(DeskMessage.id).where(DeskMessage.hand_over_id == way.id, told).limit(1)
    return db.session.scalar(known) is not None


@subscribe(AnswerAccepted)
def propose_closing(event: AnswerAccepted, fact: Fact) -> None:
    """The community found its own answer: the desk is told and asked to close."""
    post = public.post_snapshot_of(event.post_id)
    if post is None or post.origin == "desk":
        return
    for way in _ways_of(event.thread_id):
        if not _link(way, event.thread_id).topic:
            _propose_closing(way, _link(way, event.thread_id), post, fact)


def _propose_closing(way: HandOver, link: QueryThread, post: PostSnapshot, fact: Fact) -> None:
    _speak(way)
    files = files_with(way, post, link.author_id)
    text = _("The community accepted an answer of its own. This query can be closed unless the desk sees it otherwise.")
    said = f"{text}\n\n{_words(post)}"
    say(way, said, author=post.author.name, source=f"accepted:{post.id}:{fact.id}", files=files)


@subscribe(HaveTooAdded)
def tell_how_many(event: HaveTooAdded, _fact: Fact) -> None:
    """More people affected raise the impact: the desk hears at each step."""
    for way in _ways_of(event.thread_id):
        count = way.query.people_affected
        reached = max((step for step in CROWDS if step <= count), default=0)
        if reached:
            _speak(way)
            text = _("%(count)s people in the community have this now.", count=count)
            say(way, text, author="", source=f"people:{reached}")


@subscribe(ThreadJoined)
def tell_of_another_thread(event: ThreadJoined, _fact: Fact) -> None:
    """One more thread travels with the query: its words go after it."""
    way = active_of(event.query_id)
    link = _link(way, event.thread_id) if way else None
    if way is None or link is None:
        return
    _speak(way)
    text = _("Another thread in the community is about the same:") + f"\n\n{link.handover}"
    say(way, text, author="", source=f"thread:{event.thread_id}")
    let_files_follow(way, link)


@subscribe(QueryReclassified)
def tell_the_class(event: QueryReclassified, fact: Fact) -> None:
    """The class it came with was wrong."""
    way = active_of(event.query_id)
    if way is not None:
        _speak(way)
        text = _("The class was corrected in the community: %(name)s.", name=str(CLASSES[event.to_class]))
        say(way, text, author="", source=f"class:{fact.id}")


@subscribe(InformationGiven, QueryReopened)
def tell_to_go_on(event: QueryEvent, fact: Fact) -> None:
    """The author answered, or the answer did not help: the desk's clock runs again."""
    way = active_of(event.query_id)
    if way is not None and way.desk_status and way.desk_status not in WORKING_THERE:
        tell_status(way, DeskStatus.IN_PROGRESS, source=f"go-on:{fact.id}")


@subscribe(QueryClosed)
def tell_that_it_is_closed(event: QueryClosed, fact: Fact) -> None:
    """The author accepted the answer, or it stood long enough."""
    way = active_of(event.query_id)
    if way is not None and way.desk_status not in FINISHED_THERE:
        tell_status(way, DeskStatus.CLOSED, source=f"closed:{fact.id}")


def _ways_of(thread_id: int) -> list[HandOver]:
    """The hand-overs of all open queries of a thread."""
    ways = (active_of(query.id) for query in query_reads.active_queries_of(thread_id))
    return [way for way in ways if way is not None]


def _link(way: HandOver, thread_id: int) -> QueryThread:
    return next(link for link in way.query.links if link.thread_id == thread_id)


def _was_sent(way: HandOver, link: QueryThread, post_id: int) -> bool:
    """Whether the words of a post went: with the query, as its opening, or after it."""
    if post_id == public.opening_and_answer(link.thread_id)[0].id:
        return True
    known = select(DeskMessage.id).where(DeskMessage.hand_over_id == way.id, DeskMessage.source == f"post:{post_id}")
    return db.session.scalar(known) is not None


def _words(post: PostSnapshot) -> str:
    return redact(named_in(post.body), keep=[post.author.email]).text


def _speak(way: HandOver) -> None:
    i18n.speak(way.desk.language)
