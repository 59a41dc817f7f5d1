"""The rules as pure functions: facts in, claims out."""

from datetime import UTC, datetime, timedelta

import pytest

from community.core.events import Event
from community.forum.events import (
    AnswerAccepted,
    AnswerUnaccepted,
    HelpfulMarked,
    HelpfulUnmarked,
    PostHidden,
    PostRestored,
    ThreadHidden,
    ThreadRestored,
    ThreadStarted,
)
from community.importing.events import AcceptanceImported, ThreadImported, VotesImported
from gamification.badges import BADGES, Merit, reached
from gamification.levels import LEVELS, level_at, next_level
from gamification.rules import ACCEPTED, HELPED, HELPFUL, MOST_PER_POST, PUBLISHED, SOLVED, VALIDATED, Deed, claims
from knowledge.events import ArticleHelped, ArticlePublished, ArticleValidated

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ASKER, SOLVER, READER = 1, 2, 3
STARTED = ThreadStarted(actor_id=ASKER, thread_id=7, post_id=70, kind="question")


def due(*facts: Event) -> list[tuple[int, str, int]]:
    deeds = [Deed(number, NOON + timedelta(minutes=number), fact) for number, fact in enumerate(facts, 1)]
    return [(claim.member_id, claim.rule, claim.points) for claim in claims(deeds)]


def accepted(by: int | None = ASKER, post_id: int = 71, solver: int = SOLVER, origin: str = "peer") -> AnswerAccepted:
    return AnswerAccepted(actor_id=by, thread_id=7, post_id=post_id, solver_id=solver, origin=origin)


def unaccepted() -> AnswerUnaccepted:
    return AnswerUnaccepted(actor_id=ASKER, thread_id=7, post_id=71, solver_id=SOLVER)


def marked(by: int, post_id: int = 71, author: int = SOLVER) -> HelpfulMarked:
    return HelpfulMarked(actor_id=by, thread_id=7, post_id=post_id, author_id=author)


def hidden(post_id: int = 71) -> PostHidden:
    return PostHidden(actor_id=9, thread_id=7, post_id=post_id, author_id=SOLVER, reason="spam")


def restored(post_id: int = 71) -> PostRestored:
    return PostRestored(actor_id=9, thread_id=7, post_id=post_id, author_id=SOLVER)


SOLVER_GETS = (SOLVER, SOLVED, 15)
ASKER_GETS = (ASKER, ACCEPTED, 2)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((STARTED, accepted()), [ASKER_GETS, SOLVER_GETS]),
        ((STARTED, accepted(by=9)), [SOLVER_GETS]),
        ((STARTED, accepted(by=None)), [SOLVER_GETS]),
        ((STARTED, accepted(by=ASKER, solver=ASKER)), []),
        ((STARTED, accepted(by=9, solver=9)), []),
        ((STARTED, accepted(origin="desk")), [ASKER_GETS]),
        ((accepted(),), [SOLVER_GETS]),
        ((STARTED, accepted(), unaccepted()), []),
        ((STARTED, unaccepted()), []),
        ((STARTED, accepted(), hidden()), []),
        ((STARTED, accepted(), hidden(), restored()), [ASKER_GETS, SOLVER_GETS]),
    ],
)
def test_answers(facts: tuple[Event, ...], expected: list[tuple[int, str, int]]) -> None:
    assert due(*facts) == expected


def test_another_answer_takes_the_place() -> None:
    assert due(STARTED, accepted(), accepted(post_id=72, solver=READER)) == [ASKER_GETS, (READER, SOLVED, 15)]


def test_votes_count_once_for_each_voter_and_never_for_oneself() -> None:
    assert due(marked(READER), marked(READER), marked(SOLVER)) == [(SOLVER, HELPFUL, 5)]


def test_a_vote_taken_back_counts_no_more() -> None:
    unmarked = HelpfulUnmarked(actor_id=READER, thread_id=7, post_id=71, author_id=SOLVER)
    assert due(marked(READER), unmarked) == []
    assert due(unmarked, marked(READER)) == [(SOLVER, HELPFUL, 5)]


def test_a_post_gives_no_more_than_its_limit() -> None:
    votes = [marked(by) for by in range(100, 120)]
    assert sum(points for _, _, points in due(*votes)) == MOST_PER_POST
    assert len(due(*votes, marked(100, post_id=72))) == 11


def test_hiding_a_thread_takes_the_votes_of_its_opening_post_only() -> None:
    opening, reply = marked(READER, post_id=70, author=ASKER), marked(READER)
    gone = ThreadHidden(actor_id=9, thread_id=7, reason="spam")
    back = ThreadRestored(actor_id=9, thread_id=7)
    assert due(STARTED, opening, reply, gone) == [(SOLVER, HELPFUL, 5)]
    assert len(due(STARTED, opening, reply, gone, back)) == 2


def test_articles() -> None:
    about = {"article_id": 4, "author_id": SOLVER}
    facts = (
        ArticlePublished(actor_id=SOLVER, **about),
        ArticlePublished(actor_id=READER, **about),
        ArticleValidated(actor_id=READER, **about),
        ArticleValidated(actor_id=READER, **about),
        ArticleValidated(actor_id=SOLVER, **about),
        ArticleHelped(actor_id=READER, **about),
        ArticleHelped(actor_id=READER, **about),
        ArticleHelped(actor_id=None, **about),
    )
    assert due(*facts) == [(SOLVER, PUBLISHED, 20), (READER, VALIDATED, 5), (SOLVER, HELPED, 3)]


def test_levels() -> None:
    assert [level_at(points).key for points in (-5, 0, 19, 20, 150, 599, 600)] == [
        "newcomer",
        "newcomer",
        "newcomer",
        "member",
        "regular",
        "regular",
        "trusted",
    ]
    assert next_level(LEVELS[0]) is LEVELS[1]
    assert next_level(LEVELS[-1]) is None


def test_badges_need_all_their_things() -> None:
    merits = [Merit(HELPED, f"article:{number % 2}", NOON + timedelta(days=number)) for number in range(9)]
    lighthouse = next(badge for badge in BADGES if badge.key == "lighthouse")
    assert reached(lighthouse, merits[:8]) == (4, None)
    assert reached(lighthouse, merits) == (5, NOON + timedelta(days=8))
    assert all(reached(badge, []) == (0, None) for badge in BADGES)


def test_answers_accepted_elsewhere_count_as_those_accepted_here() -> None:
    brought = AcceptanceImported(thread_id=7, post_id=71, asker_id=ASKER, solver_id=SOLVER)
    own = AcceptanceImported(thread_id=7, post_id=71, asker_id=ASKER, solver_id=ASKER)
    assert {(member, rule) for member, rule, _points in due(brought)} == {(SOLVER, SOLVED), (ASKER, ACCEPTED)}
    assert due(own) == []


def brought(helpful: int, unhelpful: int = 0, post_id: int = 71, author: int = SOLVER) -> VotesImported:
    return VotesImported(thread_id=7, post_id=post_id, author_id=author, helpful=helpful, unhelpful=unhelpful)


IMPORTED = ThreadImported(thread_id=7, post_id=70, author_id=ASKER)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((brought(3), IMPORTED), [(SOLVER, HELPFUL, 15)]),
        ((brought(0, 4), brought(1, 1), IMPORTED), [(SOLVER, HELPFUL, 5)]),
        ((brought(2), brought(2), IMPORTED), [(SOLVER, HELPFUL, 10)] * 2),
        ((brought(7), brought(7), brought(1), IMPORTED), [(SOLVER, HELPFUL, 35), (SOLVER, HELPFUL, 15)]),
        ((brought(9), IMPORTED, marked(READER), marked(4)), [(SOLVER, HELPFUL, 45), (SOLVER, HELPFUL, 5)]),
        ((brought(2), IMPORTED, hidden()), []),
        ((brought(2), IMPORTED, hidden(), restored()), [(SOLVER, HELPFUL, 10)]),
        ((brought(2, post_id=70, author=ASKER), IMPORTED, ThreadHidden(thread_id=7, reason="spam")), []),
        ((IMPORTED, accepted()), [ASKER_GETS, SOLVER_GETS]),
    ],
)
def test_votes_given_elsewhere_count_as_those_given_here(
    facts: tuple[Event, ...], expected: list[tuple[int, str, int]]
) -> None:
    assert due(*facts) == expected
