"""What becomes of somebody else's words when a moderator changes them: the package that keeps measures says so.

Without such a package it just happens, and goes on the record of the thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from community.core.policies import Actor

from ..models import Post, Thread

USUAL_RULE = "charter"


@dataclass(frozen=True)
class Measuring:
    """What moderators do with what others wrote.

    `rules()` are keys and words; `hide` and `close` (actor, thing, rule, words) return what the moderator is told;
    `restore` and `reopen` end what stands. `holds(post)` says whether a measure keeps a post from view, which its
    author cannot change. `edited` and `moved` go on the record where a rule was named, with what was there before.
    """

    rules: Callable[[], Sequence[tuple[str, str]]]
    hide: Callable[[Actor, Post, str, str], str]
    restore: Callable[[Actor, Post], None]
    close: Callable[[Actor, Thread, str, str], str]
    reopen: Callable[[Actor, Thread], None]
    holds: Callable[[Post], bool]
    edited: Callable[[Actor, Post, str, str, dict[str, str]], None]
    moved: Callable[[Actor, Thread, str, str, int], None]


_known: list[Measuring] = []


def register(measuring: Measuring) -> None:
    """Have what moderators do kept as measures."""
    _known[:] = [measuring]


def about(actor: Actor, author_id: int | None) -> Measuring | None:
    """Who keeps what is done to the words of this author; nobody where they are one's own."""
    return _known[0] if _known and author_id != actor.id else None


def holds(post: Post) -> bool:
    """Whether a measure keeps the post from view."""
    return bool(_known) and _known[0].holds(post)


class NamesRule:
    """A form that names the rule by which something is done to what somebody else wrote."""

    rule: SelectField | None = SelectField(_l("By which rule?"), default=USUAL_RULE)

    def offer_rules(self, measuring: Measuring | None, *, optional: bool = False) -> None:
        """The rules, the charter first; no field where nothing is kept. With `optional` nothing has to be broken."""
        if self.rule is None or measuring is None:
            del self.rule
            return
        named = sorted(measuring.rules(), key=lambda rule: rule[0] != USUAL_RULE)
        none = [SelectChoice("", _("None: this is no measure"))] if optional else []
        self.rule.choices = [*none, *(SelectChoice(key, said) for key, said in named)]
        if optional:
            self.rule.label.text = _("Was a rule broken?")
            self.rule.data = self.rule.data if self.rule.raw_data else ""

    @property
    def named_rule(self) -> str:
        """The key of the rule; empty where none was named."""
        return str(self.rule.data or "") if self.rule is not None else ""
