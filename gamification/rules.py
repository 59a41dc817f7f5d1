"""What is worth how many points, and who is due them: pure functions from facts to claims."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from community.core.events import Event
from community.forum.events import (
    AnswerAccepted,
    AnswerUnaccepted,
    HelpfulMarked,
    HelpfulUnmarked,
    PostHidden,
    PostRestored,
    ThreadHidden,
    ThreadMerged,
    ThreadRestored,
    ThreadSplit,
    ThreadStarted,
    VoteGivenBack,
    VoteSetAside,
)
from community.importing.events import AcceptanceImported, ThreadImported, VotesImported
from knowledge.events import ArticleEvent, ArticleHelped, ArticlePublished, ArticleValidated

T = TypeVar("T")


class Source(StrEnum):
    """Where points come from, as the bar on the profile adds them up."""

    ANSWERS = "answers"
    VOTES = "votes"
    ARTICLES = "articles"
    CARE = "care"


@dataclass(frozen=True)
class Rule:
    """One line of the table. `daily` is the most points that a member gets by it for one day (UTC)."""

    points: int
    source: Source
    reason: LazyString
    daily: int | None = None


SOLVED, ACCEPTED, HELPFUL = "solved", "accepted", "helpful"
PUBLISHED, VALIDATED, HELPED = "published", "validated", "helped"

RULES: dict[str, Rule] = {
    SOLVED: Rule(15, Source.ANSWERS, _l("An answer was accepted")),
    ACCEPTED: Rule(2, Source.CARE, _l("Said which answer solved the question")),
    HELPFUL: Rule(5, Source.VOTES, _l("A post was found helpful"), daily=40),
    PUBLISHED: Rule(20, Source.ARTICLES, _l("An article was published")),
    VALIDATED: Rule(5, Source.CARE, _l("Checked an article of somebody else")),
    HELPED: Rule(3, Source.ARTICLES, _l("An article helped somebody"), daily=30),
}
MOST_PER_POST = 50
LIMIT_OF = {key: f"{key}.limit" for key, rule in RULES.items() if rule.daily is not None}
RULE_LIMITED = {limit: key for key, limit in LIMIT_OF.items()}

READ: tuple[type[Event], ...] = (
    ThreadStarted,
    ThreadMerged,
    ThreadSplit,
    ThreadHidden,
    ThreadRestored,
    PostHidden,
    PostRestored,
    AnswerAccepted,
    AnswerUnaccepted,
    AcceptanceImported,
    VotesImported,
    ThreadImported,
    HelpfulMarked,
    HelpfulUnmarked,
    VoteSetAside,
    VoteGivenBack,
    ArticlePublished,
    ArticleValidated,
    ArticleHelped,
)


@dataclass(frozen=True)
class Deed:
    """A fact with the record it was read from."""

    id: int
    at: datetime
    event: Event


@dataclass(frozen=True)
class Claim:
    """Points that stand, as far as the facts go: for what, by which rule, for whom. `number` votes are one claim."""

    cause_id: int
    at: datetime
    member_id: int
    rule: str
    subject: str
    thread_id: int | None
    number: int = 1

    @property
    def points(self) -> int:
        """What the rule gives, before the limit of the day."""
        return RULES[self.rule].points * self.number

    @property
    def scope(self) -> str:
        """The thread in whose facts the cause stands, wherever its post went since, or the article."""
        return self.subject if self.subject.startswith("article:") else f"thread:{self.thread_id}"


@dataclass
class Known:
    """What the facts about one article add up to, or those about threads that merges and splits tie together."""

    starters: dict[int, set[int | None]] = field(default_factory=lambda: defaultdict(set))
    openings: dict[int, int] = field(default_factory=dict)
    hidden_threads: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    accepted: dict[int, Deed] = field(default_factory=dict)
    by_asker: set[int] = field(default_factory=set)
    votes: dict[tuple[int, int | None], Deed] = field(default_factory=dict)
    aside: set[tuple[int, int | None]] = field(default_factory=set)
    imported_votes: list[Deed] = field(default_factory=list)
    articles: dict[tuple[str, int | None], Deed] = field(default_factory=dict)

    def learn(self, deed: Deed) -> None:
        """Take in one more fact, later than all before."""
        match deed.event:
            case ThreadStarted() | ThreadImported() | ThreadSplit() | ThreadMerged() as event:
                self._place(event)
            case ThreadHidden(thread_id=thread_id) | ThreadRestored(thread_id=thread_id) as event:
                _put(self.hidden_threads, thread_id, isinstance(event, ThreadHidden))
            case PostHidden(post_id=post_id) | PostRestored(post_id=post_id) as event:
                _put(self.hidden, post_id, isinstance(event, PostHidden))
            case AnswerAccepted(thread_id=thread_id) | AcceptanceImported(thread_id=thread_id):
                self._accept(thread_id, deed)
            case AnswerUnaccepted(thread_id=thread_id):
                self.accepted.pop(thread_id, None)
            case VotesImported():
                self.imported_votes.append(deed)
            case HelpfulMarked(post_id=post_id, actor_id=actor_id):
                self.votes.setdefault((post_id, actor_id), deed)
            case HelpfulUnmarked(post_id=post_id, actor_id=actor_id):
                self.votes.pop((post_id, actor_id), None)
            case (
                VoteSetAside(post_id=post_id, voter_id=voter) | VoteGivenBack(post_id=post_id, voter_id=voter) as event
            ):
                _put(self.aside, (post_id, voter), isinstance(event, VoteSetAside))
            case event:
                self.articles.setdefault((event.name, event.actor_id), deed)

    def _place(self, event: ThreadStarted | ThreadImported | ThreadSplit | ThreadMerged) -> None:
        """Whose thread it is, and what opens it; or where it went."""
        match event:
            case (
                ThreadStarted(thread_id=thread_id, actor_id=by_id, post_id=post_id)
                | ThreadImported(thread_id=thread_id, author_id=by_id, post_id=post_id)
                | ThreadSplit(new_thread_id=thread_id, author_id=by_id, post_ids=(post_id, *_))
            ):
                self.starters[thread_id], self.openings[thread_id] = {by_id}, post_id
            case ThreadMerged(thread_id=thread_id, target_id=target_id):
                self._merge(thread_id, target_id)

    def _merge(self, source_id: int, target_id: int) -> None:
        """The accepted answer of the source answers the target where that has none; else it keeps what it earned."""
        self.starters[target_id] |= self.starters[source_id]
        self.openings.pop(source_id, None)
        if target_id not in self.accepted and source_id in self.accepted:
            self.accepted[target_id] = self.accepted.pop(source_id)

    def _accept(self, thread_id: int, deed: Deed) -> None:
        """Accepted again where its thread went, an answer is still accepted once."""
        event = deed.event
        assert isinstance(event, AnswerAccepted | AcceptanceImported)
        same = [id_ for id_, other in self.accepted.items() if getattr(other.event, "post_id", 0) == event.post_id]
        for id_ in same:
            del self.accepted[id_]
        self.accepted[thread_id] = deed
        if isinstance(event, AcceptanceImported) or event.actor_id in self.starters[thread_id]:
            self.by_asker.add(deed.id)

    def in_view(self, post_id: int) -> bool:
        """Whether the post is shown; hiding a thread takes its opening post from view."""
        opens_hidden = any(self.openings.get(thread_id) == post_id for thread_id in self.hidden_threads)
        return post_id not in self.hidden and not opens_hidden


def _put(into: set[T], what: T, inside: bool) -> None:
    """Let it be in the set, or not."""
    (into.add if inside else into.discard)(what)


def claims(deeds: Iterable[Deed]) -> list[Claim]:
    """What is due after these facts about one thread or one article, in the order of their records."""
    known = Known()
    for deed in sorted(deeds, key=lambda deed: deed.id):
        known.learn(deed)
    due = [*_for_answers(known), *_for_votes(known), *_for_articles(known)]
    return sorted(due, key=lambda claim: (claim.cause_id, claim.rule))


def _for_answers(known: Known) -> Iterable[Claim]:
    for deed in known.accepted.values():
        event = deed.event
        assert isinstance(event, AnswerAccepted | AcceptanceImported)
        accepter_id = event.asker_id if isinstance(event, AcceptanceImported) else event.actor_id
        if accepter_id == event.solver_id or not known.in_view(event.post_id):
            continue
        subject = f"post:{event.post_id}"
        if getattr(event, "origin", "peer") != "desk":
            yield Claim(deed.id, deed.at, event.solver_id, SOLVED, subject, event.thread_id)
        if accepter_id is not None and deed.id in known.by_asker:
            yield Claim(deed.id, deed.at, accepter_id, ACCEPTED, f"thread:{event.thread_id}", event.thread_id)


def _for_votes(known: Known) -> Iterable[Claim]:
    room: dict[int, int] = {}
    standing = [deed for key, deed in known.votes.items() if key not in known.aside]
    for deed in sorted([*standing, *known.imported_votes], key=lambda deed: deed.id):
        event = deed.event
        assert isinstance(event, HelpfulMarked | VotesImported)
        if event.actor_id == event.author_id or not known.in_view(event.post_id):
            continue
        left = room.get(event.post_id, MOST_PER_POST // RULES[HELPFUL].points)
        number = min(left, event.helpful if isinstance(event, VotesImported) else 1)
        room[event.post_id] = left - number
        if number:
            yield Claim(deed.id, deed.at, event.author_id, HELPFUL, f"post:{event.post_id}", event.thread_id, number)


def _for_articles(known: Known) -> Iterable[Claim]:
    published = False
    for deed in sorted(known.articles.values(), key=lambda deed: deed.id):
        event = deed.event
        assert isinstance(event, ArticleEvent)
        subject = f"article:{event.article_id}"
        if isinstance(event, ArticlePublished):
            if not published:
                yield Claim(deed.id, deed.at, event.author_id, PUBLISHED, subject, event.thread_id)
            published = True
        elif event.actor_id is None or event.actor_id == event.author_id:
            continue
        elif isinstance(event, ArticleValidated):
            yield Claim(deed.id, deed.at, event.actor_id, VALIDATED, subject, event.thread_id)
        else:
            yield Claim(deed.id, deed.at, event.author_id, HELPED, subject, event.thread_id)
