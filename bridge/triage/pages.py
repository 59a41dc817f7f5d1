"""What managers read about classification, gathered in a fixed number of statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from bridge import words
from community.core.db import utcnow
from community.core.storage import StorageError

from .classifying import available
from .corrections import COUNTED_FOR, Counts, Tally, counts
from .figures import ClassQuality
from .reporting import ClassReport, LanguageReport, Report, Reports, reports
from .suggesting import Reason
from .verdicts import standing, storage

LANGUAGES: dict[str, LazyString] = {"en": _l("English"), "zh": _l("Chinese")}


@dataclass(frozen=True)
class ClassLine:
    """One class in one language, in words and percents."""

    name: str
    posts: int
    rules: tuple[str, str]
    classifier: tuple[str, str]
    may: str


@dataclass(frozen=True)
class LanguageTable:
    """One language."""

    name: str
    verdict: str
    acts: bool
    lines: list[ClassLine]


@dataclass(frozen=True)
class TallyTable:
    """Wrong classes by one kind of subject: (subject, how many were wrong, of how many)."""

    caption: str
    head: str
    rows: list[tuple[str, int, int]]


@dataclass(frozen=True)
class QualityPage:
    """The whole page. `shown` is what is kept, or else the last that was not."""

    state: str
    shown: Report | None
    trained_at: datetime | None
    refused: str
    languages: list[LanguageTable]
    counts: Counts
    tallies: list[TallyTable]
    days: int


def quality_page() -> QualityPage:
    """Quality as measured when it was last learned, and wrong classes as counted now."""
    known, found = _known(), counts(utcnow() - COUNTED_FOR)
    shown = known.kept or known.last
    return QualityPage(
        state=_state(known),
        shown=shown,
        trained_at=datetime.fromisoformat(shown.at) if shown else None,
        refused=_refused(known),
        languages=[_language(name, table) for name, table in shown.languages.items()] if shown else [],
        counts=found,
        tallies=_tallies(found),
        days=COUNTED_FOR.days,
    )


def _known() -> Reports:
    try:
        return reports(storage())
    except StorageError:
        return Reports()


def _state(known: Reports) -> str:
    if not available():
        return _("The rules work alone: the extra “triage” is not installed.")
    if known.last is None:
        return _("The rules work alone: nothing was learned yet. It happens once a week.")
    if known.kept is None:
        return _("The rules work alone: what was learned would have made suggestions worse.")
    if standing() is None:
        return _("The rules work alone: the file with what was learned cannot be read. Learn again.")
    return _("The rules work together with what was learned.")


def _refused(known: Reports) -> str:
    """What to say of a newer attempt that was not kept."""
    if known.kept is None or known.last is None or known.last.kept:
        return ""
    return _(
        "The last attempt was not kept: %(score)s on held-out posts, against %(before)s for what stands.",
        score=_percent(known.last.score),
        before=_percent(known.last.before),
    )


def _language(code: str, found: LanguageReport) -> LanguageTable:
    lines = [_line(label, each, found.may_act) for label, each in found.classes.items()]
    return LanguageTable(str(LANGUAGES.get(code, code)), _verdict(found), found.may_act, lines)


def _verdict(found: LanguageReport) -> str:
    measured = _("On held-out posts %(right)s of %(acted)s were right.", right=found.right, acted=found.acted)
    if found.may_act:
        return _("Acts where it is sure enough.") + " " + measured
    return _("Does not act: nine of ten must be proven right.") + " " + measured


def _line(label: str, found: ClassReport, may_act: bool) -> ClassLine:
    may = _("acts from %(share)s", share=_percent(found.threshold)) if may_act and found.acts else _("does not act")
    return ClassLine(
        str(words.VERDICTS[label]), found.rules.posts, _shares(found.rules), _shares(found.classifier), may
    )


def _shares(found: ClassQuality) -> tuple[str, str]:
    """How many of its verdicts were right, and how many posts it found."""
    return _percent(found.precision), _percent(found.recall)


def _percent(share: float) -> str:
    return _("%(share)s %%", share=round(100 * share))


def _tallies(found: Counts) -> list[TallyTable]:
    return [
        TallyTable(_("By reason of the rules"), _("Reason"), _rows(found.reasons)),
        TallyTable(_("By the person who took it to the desk"), _("Person"), _rows(found.people, _("A rule"))),
        TallyTable(_("By space"), _("Space"), _rows(found.spaces)),
    ]


def _rows(tallies: Iterable[Tally], nobody: str = "") -> list[tuple[str, int, int]]:
    return [(_subject(tally, nobody), tally.wrong, tally.total) for tally in tallies]


def _subject(tally: Tally, nobody: str) -> str:
    if isinstance(tally.subject, Reason):
        reason = tally.subject
        said = words.sentence(reason) if reason.found else _("Several people are affected")
        return _("%(reason)s: %(verdict)s", reason=said, verdict=words.VERDICTS[reason.query_class])
    return str(tally.subject) or nobody
