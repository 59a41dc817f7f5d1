"""How rules, reasons and states of moderation are said."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from .models import Measure
from .rules import REASONS

BY_RULE = "rule:"
# Rules beside the reasons of flags. Packages add theirs with `name_rule`.
_rules: dict[str, LazyString] = {
    **{key: reason.rule for key, reason in REASONS.items()},
    "many_flags": _l("Many people reported something here; the thread rests for some hours."),
    "charter": _l("The charter of the space."),
}


def name_rule(key: str, said: LazyString) -> None:
    """Say one more rule in words."""
    _rules[key] = said


def rule_said(key: str) -> str:
    """A rule in the reader's language; its key where nobody knows it any more."""
    return str(_rules.get(key, key))


def kept_reason(measure: Measure) -> str:
    """What is kept beside something that was taken from view: the moderator's words, else the key of the rule."""
    return measure.words or f"{BY_RULE}{measure.rule}"


def reason_said(kept: str) -> str:
    """The words of `kept_reason` for a reader, in their language."""
    return rule_said(kept.removeprefix(BY_RULE)) if kept.startswith(BY_RULE) else kept


_ENDED = {
    "lifted": _l("lifted"),
    "undone": _l("taken back"),
    "appeal": _l("reversed on appeal"),
    "over": _l("over"),
    "replaced": _l("a person decided"),
}
_OUTCOMES = {"": _l("waits"), "reversed": _l("it was right"), "upheld": _l("the measure stays")}


def ended_said(how: str) -> str:
    """Why a measure ended."""
    return str(_ENDED.get(how, how))


def outcome_said(outcome: str) -> str:
    """What became of an appeal."""
    return str(_OUTCOMES.get(outcome, outcome))


def span_said(span: timedelta) -> str:
    """How long a step of the ladder is."""
    hours = int(span.total_seconds() // 3600)
    if hours < 48:
        return ngettext("%(num)s hour", "%(num)s hours", hours)
    return ngettext("%(num)s day", "%(num)s days", hours // 24)
