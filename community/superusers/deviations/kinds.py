"""Which rules can be broken, and what a look at it can say."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from community.moderation.rules import REASONS
from community.moderation.words import rule_said

CHARTER, PROCEDURE, OTHER, MODERATION = "charter", "procedure", "other", "moderation:"


@dataclass(frozen=True)
class RuleKind:
    """One kind of rule; `in_words` asks which part of it."""

    key: str
    label: LazyString
    in_words: bool = True


BY_WORDS = {
    kind.key: kind
    for kind in (
        RuleKind(CHARTER, _l("The charter of the space")),
        RuleKind(PROCEDURE, _l("A procedure of the service desk")),
        RuleKind(OTHER, _l("Another rule")),
    )
}
OUTCOMES: dict[str, LazyString] = {
    "fine": _l("Fine as it was"),
    "coach": _l("Talk it through"),
    "change": _l("Change the rule"),
}


def said(key: str) -> str:
    """A rule, or the kind of it, in the reader's language."""
    kind = BY_WORDS.get(key)
    return str(kind.label) if kind else rule_said(key.removeprefix(MODERATION))


def choices() -> list[tuple[str, str]]:
    """Every rule as a form offers it: the charter, those of moderation, the rest."""
    of_moderation = [f"{MODERATION}{reason}" for reason in REASONS if reason != "other"]
    return [(key, said(key)) for key in (CHARTER, *of_moderation, PROCEDURE, OTHER)]


def needs_words(key: str) -> bool:
    """Whether the key alone does not say which rule it was."""
    return key in BY_WORDS


def outcome_said(key: str) -> str:
    """What the look at it said; waiting where nobody looked yet."""
    return str(OUTCOMES.get(key, _l("Waits for a look")))
