"""What is asked before a small text is published that everybody reads: packages above decide, and hold nothing back.

Without such a package everything is published. Features say with `Publishes` which fields of a form are such texts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .forms import PageForm
from .policies import Actor, actor


@dataclass(frozen=True)
class Small:
    """A text that somebody is about to publish, in a space or in none; `before` is the one that it replaces."""

    text: str
    space_id: int | None = None
    before: str = ""


@dataclass(frozen=True)
class Answer:
    """The text as it may be published, perhaps masked; or why it is `refused`, in words for its author."""

    text: str
    refused: str = ""


Asker = Callable[[Actor, Small], Answer]
_known: list[Asker] = []


def register(asker: Asker) -> None:
    """Ask this."""
    _known[:] = [asker]


def ask(who: Actor, small: Small) -> Answer:
    """Whether the text may be published; what is empty or did not change is not asked about."""
    return _known[0](who, small) if _known and small.text not in ("", small.before) else Answer(small.text)


class Publishes(PageForm):
    """A form with small texts that everybody reads; `public` names their fields."""

    public: tuple[str, ...] = ()

    def may_go(self, space_id: int | None = None) -> bool:
        """Whether all of them may be published, masked where they must be; a refusal stands beside its field.

        Call it once the form is valid.
        """
        for field in (self[name] for name in self.public):
            before = field.object_data if isinstance(field.object_data, str) else ""
            answer = ask(actor(), Small(field.data or "", space_id, before))
            field.data = answer.text
            if answer.refused:
                field.errors = (*field.errors, answer.refused)
        return not any(self[name].errors for name in self.public)
