"""Lists that the product offers as long as there are none: written for how things are done here, to be changed."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from community.core import i18n

from . import operations
from .audiences import AGENTS, EVERYBODY, EXPERTS, MODERATORS, SUPER_USERS
from .operations import Written

Item = tuple[LazyString, LazyString, str, bool, bool]  # title, what to learn, link, required, shown to a mentor

_EVERYBODY: list[Item] = [
    (
        _l("I read the charters of my spaces"),
        _l(
            "Each space has a charter: what belongs there, who runs it, and which answer people are promised. Read "
            "those of your spaces, and ask the programme's owner about whatever you would not defend to a member."
        ),
        "/spaces",
        True,
        False,
    ),
    (
        _l("I know what to do with a secret that somebody disclosed"),
        _l(
            "Passwords, tokens and personal data get into posts. **First take the post from view**, then say so to "
            "whoever wrote it, in a message and without blame. A secret that was public for a minute is known: the "
            "person changes it, and whoever is responsible for the system is told.\n\nDo not quote it, do not put it "
            "into a query, and do not copy it into a message."
        ),
        "",
        True,
        False,
    ),
    (
        _l("I know how much time is agreed, and how I say that it is too much"),
        _l(
            "Help as much as was agreed, and no more. Enter when you are away, hand a turn on duty to somebody else, "
            "and pause your appointment when work or life asks for it: nothing has to be explained. When a week is "
            "too much, tell the programme's owner; they would rather hear it early."
        ),
        "/my/absences",
        True,
        False,
    ),
]
_SUPER_USERS: list[Item] = [
    (
        _l("I know what I may do, and for how long"),
        _l("Your rights hold in your spaces and end with your term. The table shows each of them."),
        "/rights",
        True,
        False,
    ),
    (
        _l("I know how accepted answers work"),
        _l(
            "Whoever asked accepts the answer that solved it. Where they do not come back, you may accept one for "
            "them: only what you have tried or know to be right, and not your own where another one does it. An "
            "accepted answer leads everybody who has the same problem; a wrong one misleads them all. If something "
            "better turns up later, accept that."
        ),
        "",
        True,
        False,
    ),
    (
        _l("I took a thread to the service desk, or watched somebody do it"),
        _l(
            "Take a thread to the desk when only the provider can do something about it, when it hinders many, or "
            "when nobody could help within the time that the space promises. Not because it is hard.\n\n"
            "Before you send it: is the text complete, is there an open query about the same, and does it contain "
            "anything that should stay here? The page shows what goes over and what was left out."
        ),
        "",
        True,
        True,
    ),
    (
        _l("I moderate fairly"),
        _l(
            "- Name the rule, never the person.\n"
            "- Take the smallest measure that helps: a word, an edit, moving it, and only then hiding or silencing.\n"
            "- Leave it to somebody else where you are part of the quarrel.\n"
            "- Who thinks that you are wrong may appeal, and somebody else decides. That is no reproach.\n\n"
            "Decide your first case together with somebody who has done it before."
        ),
        "/review",
        True,
        True,
    ),
    (
        _l("I know when to ask an expert"),
        _l(
            "Ask an expert when you know the question well and the documentation does not answer it. Say what you "
            "tried and what people will do with the answer. The answer comes back to you, and you may publish it. "
            "Something that is broken is for the service desk."
        ),
        "/inner/experts",
        True,
        False,
    ),
    (
        _l("I put in when I am away, and I know my backup"),
        _l("Your backup steps in by itself while you are away, and threads show who is around."),
        "/my/duty",
        True,
        False,
    ),
    (
        _l("I made an article of a solved thread"),
        _l(
            "What was asked twice is worth an article. Write what people see, in their words, then what to do. "
            "Somebody else looks at it before it counts as validated."
        ),
        "/knowledge",
        False,
        False,
    ),
]
_MODERATORS: list[Item] = [
    (
        _l("I know the inbox and what a report weighs"),
        _l(
            "Everything that a person must decide is in one inbox. Each report says its reason; how much it weighs "
            "follows from how often its author was right. You see only your spaces."
        ),
        "/review",
        True,
        False,
    ),
    (
        _l("I name a rule with each measure, and know how people appeal"),
        _l(
            "A measure needs a reason that its author can understand: the rule, what was taken from view, until when, "
            "and how to appeal. You never decide about an appeal against yourself."
        ),
        "",
        True,
        False,
    ),
]
_AGENTS: list[Item] = [
    (
        _l("I know which of my words the community reads"),
        _l(
            "A reply in a query that came from a thread is read by everybody who reads the thread. An internal note "
            "stays with staff. When in doubt, write the note first."
        ),
        "",
        True,
        False,
    ),
    (
        _l("I leave peers room to answer"),
        _l(
            "In the spaces you answer what only the provider can know. Where a member is on the right track, help "
            "them to finish instead of being faster; they are the ones who answer the next hundred."
        ),
        "/unsolved",
        True,
        False,
    ),
]
_EXPERTS: list[Item] = [
    (
        _l("I answer super users so that it can be published"),
        _l(
            "Take a question only when you can answer it within two working days, and give it back otherwise. Write "
            "the answer for those who read it later: what is so, why, since which version, and what is not known. "
            "Say plainly what must stay inside."
        ),
        "/inner/experts",
        True,
        False,
    ),
]
LISTS: tuple[tuple[str, LazyString, list[Item]], ...] = (
    (EVERYBODY, _l("Getting started in the programme"), _EVERYBODY),
    (SUPER_USERS, _l("Getting started as a super user"), _SUPER_USERS),
    (MODERATORS, _l("Moderating a space"), _MODERATORS),
    (AGENTS, _l("The desk among the community"), _AGENTS),
    (EXPERTS, _l("Answering as an expert"), _EXPERTS),
)


def write(tag: str, *, by_id: int | None) -> None:
    """Write all of them in this language; they wait for the owner to publish them."""
    with i18n.speaking(tag):
        for audience, title, items in LISTS:
            made = operations.make(str(title), audience, tag, by_id=by_id)
            for named, words, link, required, shown in items:
                operations.add_item(made, Written(str(named), str(words), link, required, shown), by_id=by_id)
