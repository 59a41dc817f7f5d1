"""Kinds of notifications. Packages above register their own; each has a switch in the preferences."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from community.core.policies import Actor

from .places import Facts, about_known_places

# The ids of those of the facts about which the actor may still read; in a few statements, however many there are.
Reads = Callable[[Actor, Facts], Collection[int]]


@dataclass(frozen=True)
class Kind:
    """A kind as it is shown. `sentence` stands before the title and may hold %(name)s, who did it.

    `together` says the same of several news by several people. `why` ends each mail. `mail` says whether there is one
    unless a person chooses otherwise; the inbox has it at first in any case. `offered` says whether this installation
    has what it is about; without it it has. News of a kind that is `gathered`, about no thread, are one entry where
    they have one title. `reads` says of which news their receiver may still know the title, beside what the thread
    says: kinds about anything that is not the receiver's own and not for everybody need it. `group` is a key of GROUPS.
    """

    key: str
    label: LazyString
    mail: bool
    sentence: LazyString
    why: LazyString
    icon: str
    together: Callable[[int, int], str] | None = None
    offered: Callable[[], bool] | None = None
    gathered: bool = False
    reads: Reads | None = None
    group: str = "threads"

    def say(self, name: str) -> str:
        """The sentence in the present language, about who did it."""
        return str(self.sentence) % {"name": name}

    def say_together(self, name: str, news: int, people: int) -> str:
        """Several news of this kind about one thing, in the present language; `name` did the newest."""
        if self.together is not None:
            return self.together(news, people)
        return _("%(sentence)s (%(num)s times)", sentence=self.say(name), num=news)


WHY = _l("You get this mail because you chose to be told of such news.")
# The headings under which the preferences show kinds, in their order.
GROUPS = {
    "threads": _l("Threads"),
    "people": _l("People and groups"),
    "own": _l("Your account and what you wrote"),
    "super_users": _l("Super users"),
    "desk": _l("The service desk"),
}
_known: dict[str, Kind] = {}


def register(
    key: str,
    label: LazyString,
    *,
    mail: bool = True,
    sentence: LazyString | None = None,
    why: LazyString = WHY,
    icon: str = "bell",
    together: Callable[[int, int], str] | None = None,
    offered: Callable[[], bool] | None = None,
    gathered: bool = False,
    reads: Reads | None = None,
    group: str = "threads",
) -> Kind:
    """Add a kind, or replace the one of that key. Without a sentence its label is shown in its place."""
    if len(key) > 30:
        raise ValueError(f"{key} is longer than 30 characters")
    if group not in GROUPS:
        raise ValueError(f"no heading is called {group}")
    _known[key] = Kind(key, label, mail, sentence or label, why, icon, together, offered, gathered, reads, group)
    return _known[key]


def kind(key: str) -> Kind:
    """A registered kind; one whose package is not loaded any more shows as news of the system."""
    return _known.get(key, _known["system"])


def gathered() -> list[str]:
    """Keys of kinds whose news about no thread are one entry where they have one title."""
    return [each.key for each in _known.values() if each.gathered]


def is_known(key: str) -> bool:
    """Whether the kind is registered."""
    return key in _known


def all_kinds() -> list[Kind]:
    """Every kind that there can be news of here, in the order in which they were registered."""
    return [each for each in _known.values() if each.offered is None or each.offered()]


register(
    "reply",
    _l("A reply in a thread you follow"),
    sentence=_l("%(name)s replied"),
    why=_l("You get this mail because you follow this thread."),
    icon="reply",
    together=lambda news, _people: ngettext("%(num)s reply", "%(num)s replies", news),
)
register(
    "thread",
    _l("A new thread in what you watch"),
    sentence=_l("%(name)s began a thread"),
    why=_l("You get this mail because you watch the space, or a tag of this thread."),
    icon="thread",
)
register(
    "answer",
    _l("An answer is accepted in a thread you follow"),
    sentence=_l("%(name)s accepted an answer"),
    why=_l("You get this mail because you follow this thread."),
    icon="solved",
)
register(
    "followed-person",
    _l("News of a person you follow"),
    sentence=_l("News of a person you follow"),
    why=_l("You get this mail because you follow a person who takes part in this thread."),
    icon="user",
    group="people",
)
register(
    "mention",
    _l("Somebody mentions you"),
    sentence=_l("%(name)s mentioned you"),
    why=_l("You get this mail because you were mentioned."),
    icon="user",
    together=lambda _news, people: ngettext("%(num)s person mentioned you", "%(num)s people mentioned you", people),
    group="people",
)
register(
    "accepted",
    _l("Your answer is accepted"),
    sentence=_l("Your answer was accepted by %(name)s"),
    why=_l("You get this mail because you wrote the answer."),
    icon="solved",
)
register(
    "solved",
    _l("A question that you have too is solved"),
    sentence=_l("A question that you have too was solved"),
    why=_l("You get this mail because it is your question, or you said that you have it too."),
    icon="solved",
)
register(
    "announcement",
    _l("News in a space you take part in"),
    mail=False,
    sentence=_l("News from %(name)s"),
    why=_l("You get this mail because you asked for news of your spaces."),
    icon="news",
)
register(
    "system",
    _l("News about your account and your roles"),
    sentence=_l("About your account"),
    why=_l("You get this mail because it is about your account."),
    icon="info",
    reads=about_known_places,
    group="own",
)
register(
    "thanks",
    _l("Somebody thanks you"),
    mail=False,
    sentence=_l("%(name)s thanked you"),
    why=_l("You get this mail because you wrote what somebody thanks you for."),
    icon="thanks",
    together=lambda _news, people: ngettext("%(num)s person thanked you", "%(num)s people thanked you", people),
    group="people",
)
