"""What is asked before anything is published: gates of the packages above let it go out, hold it back, or refuse it.

Only what a person writes on a page or by mail is asked about; imports, desks and the demo write through the operations.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from community.core.policies import Actor

from ..models import Post
from .publishing import Typed


class Way(StrEnum):
    """What is written."""

    THREAD = "thread"
    REPLY = "reply"
    EDIT = "edit"
    SUGGESTION = "suggestion"
    MESSAGE = "message"
    ARTICLE = "article"
    PROFILE = "profile"
    LINE = "line"  # a small text that everybody reads; nothing of it can wait


@dataclass(frozen=True)
class Writing:
    """What somebody is about to publish. `before` is the text that an edit replaces.

    `open_for` is how long the form was open: none where nobody can say, as with mail; nothing where no form was opened.
    `of` is the thing that is written about, where its words wait in place of each other; `own` gives what else its
    author wrote of that kind lately, for what is alike.
    """

    who: int
    kind: Way
    body: str
    title: str = ""
    space_id: int | None = None
    thread_id: int | None = None
    before: str = ""
    more: str = ""
    open_for: timedelta | None = None
    ip: str = ""
    of: str = ""
    own: Callable[[], Iterable[str]] = tuple


class Outcome(StrEnum):
    """What becomes of it."""

    GO = "go"
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Verdict:
    """What a gate says. `why` is read by reviewers, `message` by the author.

    `title` and `body`, where given, are put in place of what was typed, and `mask` gives each other text as it may be
    published; a refusal stands beside the title where `in_title`. `then` is called with the post, where it is one.
    """

    outcome: Outcome = Outcome.GO
    rule: str = ""
    why: str = ""
    message: str = ""
    title: str | None = None
    body: str | None = None
    mask: Callable[[str], str] | None = None
    in_title: bool = False
    then: Callable[[Post | None], None] | None = None

    @property
    def goes(self) -> bool:
        """Whether it may be published."""
        return self.outcome == Outcome.GO

    @property
    def holds(self) -> bool:
        """Whether a person must look at it first."""
        return self.outcome == Outcome.HOLD

    def title_of(self, typed: str) -> str:
        """The title as it may be published."""
        return typed if self.title is None else self.title

    def body_of(self, typed: str) -> str:
        """The text as it may be published."""
        return typed if self.body is None else self.body

    def published(self, post: Post | None = None) -> None:
        """Tell whoever gave the verdict what became of it."""
        if self.then is not None:
            self.then(post)


@dataclass(frozen=True)
class Kept:
    """Everything that is needed to publish something later, and to give it back as it was typed."""

    writing: Writing
    typed: Typed
    form: Mapping[str, list[str]] = field(default_factory=dict)


GO = Verdict()
Gate = Callable[[Actor, Writing], Verdict]
Holder = Callable[[Actor, Kept, Verdict], str]
_gates: list[Gate] = []
_holders: list[Holder] = []


def register_gate(gate: Gate) -> None:
    """Ask this too before anything is published."""
    if gate not in _gates:
        _gates.append(gate)


def register_holder(holder: Holder) -> None:
    """Keep what is held back with this; it answers the address at which its author finds it."""
    _holders[:] = [holder]


def ask(who: Actor, writing: Writing) -> Verdict:
    """What all gates say together: a refusal counts before holding it back, that before letting it go out."""
    return _strongest(gate(who, writing) for gate in _gates)


def _strongest(verdicts: Iterable[Verdict]) -> Verdict:
    order = (Outcome.GO, Outcome.HOLD, Outcome.REFUSE)
    return max(verdicts, key=lambda one: (order.index(one.outcome), one != GO), default=GO)


def hold(who: Actor, kept: Kept, verdict: Verdict) -> str:
    """Keep something until a person looked at it; the address at which its author finds it."""
    return _holders[0](who, kept, verdict)
