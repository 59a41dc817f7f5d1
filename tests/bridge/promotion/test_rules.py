"""How spaces inherit rules, and that no exception is hidden."""

from dataclasses import replace

from bridge.promotion.conditions import Kind, Unanswered
from bridge.promotion.rules import Departure, Effect, Origin, Placed, Rule, RuleBook, Source

A = Rule("a", "A", (Unanswered(24),))
B = Rule("b", "B", (Unanswered(48), Kind(("idea",))), enabled=False)
OWN = Rule("own", "Own", (Unanswered(1),))
STRICTER = replace(A, conditions=(Unanswered(4),), effect=Effect.AUTOMATIC, cap=3)
BOOK = RuleBook(
    (A, B),
    {
        1: (replace(A, enabled=False),),
        2: (STRICTER, OWN),
        3: (replace(B, enabled=True), A),
    },
)


def test_a_space_has_the_rules_of_the_installation() -> None:
    assert BOOK.placed_in(9) == (Placed(A, Source.INHERITED), Placed(B, Source.INHERITED))
    assert BOOK.rules_in(9) == (A,)


def test_a_space_can_depart_from_them() -> None:
    assert BOOK.rules_in(1) == ()
    assert BOOK.rules_in(2) == (STRICTER, OWN)
    assert BOOK.placed_in(2)[0] == Placed(STRICTER, Source.CHANGED, ("conditions", "effect", "cap"))
    assert [placed.source for placed in BOOK.placed_in(3)] == [Source.INHERITED, Source.SWITCHED_ON]


def test_every_departure_is_listed_with_its_rule() -> None:
    assert BOOK.origins() == (
        Origin(
            "a",
            A,
            (
                Departure(1, Source.SWITCHED_OFF, ("enabled",)),
                Departure(2, Source.CHANGED, ("conditions", "effect", "cap")),
            ),
        ),
        Origin("b", B, (Departure(3, Source.SWITCHED_ON, ("enabled",)),)),
        Origin("own", None, (Departure(2, Source.OWN, ()),)),
    )


def test_rules_look_at_questions_unless_they_name_kinds() -> None:
    assert A.questions_only
    assert not B.questions_only
