"""What is asked before somebody is called otherwise, or says something else about themselves: packages above decide.

Without such a package everything is shown at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from community.core.policies import Actor


@dataclass(frozen=True)
class Words:
    """How somebody is called, and what they say about themselves."""

    name: str
    about: str = ""


@dataclass(frozen=True)
class Answer:
    """What may be shown, perhaps masked. `refused` stands beside the name where `in_name`, else beside the other text.

    `hold`, where given, keeps the words until somebody looked at them; until then the present ones stay.
    """

    words: Words
    refused: str = ""
    in_name: bool = False
    hold: Callable[[], None] | None = None


@dataclass(frozen=True)
class ProfileGate:
    """Who is asked: `ask(who, before, wanted)`. `kept(member_id, id)` are words that were not shown, for their author;
    `waits(member_id)` the address at which words wait, or "".
    """

    ask: Callable[[Actor, Words, Words], Answer]
    kept: Callable[[int, int], Mapping[str, str]]
    waits: Callable[[int], str]


_known: list[ProfileGate] = []


def register(gate: ProfileGate) -> None:
    """Ask this."""
    _known[:] = [gate]


def ask(who: Actor, before: Words, wanted: Words) -> Answer:
    """Whether the words may be shown; what did not change is not asked about."""
    return _known[0].ask(who, before, wanted) if _known and before != wanted else Answer(wanted)


def kept(member_id: int, held_id: int) -> Mapping[str, str]:
    """Words that were not shown, to go on with."""
    return _known[0].kept(member_id, held_id) if _known else {}


def waits(member_id: int) -> str:
    """Where words of a person wait until somebody looked at them; "" where none do."""
    return _known[0].waits(member_id) if _known else ""
