"""Learning from the installation's own corrections, every week: measured on what was held out, kept if not worse.

Training runs in a process of its own: it takes some seconds of a processor and 200 MB, which no process that answers
people should give.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from community.core.db import transaction, utcnow
from community.core.jobs import every, outside_job

from . import reporting, verdicts
from .classifying import NEVER, Classifier, ModelRefused, available, keep, kept, proven, unpacked
from .corrections import Correction, corrections
from .examples import Example, labelled_examples, shipped_examples
from .figures import Figures, by_language, figures_of
from .labelled import LABELS, TEST
from .reporting import ClassReport, LanguageReport, Report, Reports

log = logging.getLogger(__name__)

LONGEST = 140  # seconds of one training; two of them stay within the lease of a job
INHERITED = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH")  # of our environment: no secrets
FIRST_SHARE, LATER_SHARE = 0.25, 0.5

Train = Callable[[Sequence[Example]], Classifier]


class LearningError(Exception):
    """Nothing could be learned, with the reason."""


@dataclass(frozen=True)
class History:
    """Corrections to learn from, and the newest that are held out to measure on."""

    older: list[Example]
    held_out: list[Example]
    until: int

    @property
    def all(self) -> list[Example]:
        """All of them, oldest first."""
        return [*self.older, *self.held_out]


@every(days=7)
@outside_job
def learn_weekly() -> None:
    """Learn again if the desk has decided anything since the last time."""
    if not available():
        return
    with transaction(read_only=True):
        own = corrections()
    known = reporting.reports(verdicts.storage())
    nothing_new = known.last is not None and known.last.learned_until == _newest(own)
    if not nothing_new or (known.kept is not None and _standing() is None):
        learn_from(own)


def learn() -> Report:
    """Learn now. Opens a transaction to read and none while it learns. Raises `LearningError` and `StorageError`."""
    with transaction(read_only=True):
        own = corrections()
    return learn_from(own)


def learn_from(own: Sequence[Correction], train: Train | None = None) -> Report:
    """Learn from the labelled set and these corrections, oldest first; keep what was learned unless it is worse.

    Needs no transaction. Raises `LearningError` and `StorageError`.
    """
    train = train or train_apart
    known, standing = reporting.reports(verdicts.storage()), _standing()
    history = _divided(own, known.kept.learned_until if known.kept and standing else None)
    trial = train(history.older)
    held_out = by_language([*labelled_examples(TEST), *history.held_out])
    silent = _unproven(held_out, trial)
    score, before = _score(held_out, trial.muted(silent)), _score(held_out, standing)
    worse = score < before
    learned = trial if worse or not history.held_out else train(history.all)
    learned = learned.muted(silent)
    report = Report(
        at=utcnow().isoformat(),
        kept=not worse,
        learned_until=history.until,
        invented=len(shipped_examples()),
        own=len(history.all),
        held_invented=len(labelled_examples(TEST)),
        held_own=len(history.held_out),
        score=score,
        before=before,
        languages=_languages(held_out, trial, learned, silent),
    )
    _write(report, learned, known.kept)
    return report


def _write(report: Report, learned: Classifier, before: Report | None) -> None:
    storage = verdicts.storage()
    if report.kept:
        keep(learned, storage)
    reporting.write(Reports(report if report.kept else before, report), storage)
    verdicts.look_again()
    log.info("learned from %d corrections, kept: %s (%.3f, before %.3f)", report.own, report.kept, *_scores(report))


def _scores(report: Report) -> tuple[float, float]:
    return report.score, report.before


def _standing() -> Classifier | None:
    """What is kept now, if it can be used."""
    try:
        return kept(verdicts.storage()) if reporting.reports(verdicts.storage()).kept else None
    except ModelRefused:
        return None


def _newest(own: Sequence[Correction]) -> int:
    return max((correction.id for correction in own), default=0)


def _divided(own: Sequence[Correction], known_until: int | None) -> History:
    """The newest are held out, of those that what stands has not learned from."""
    fresh = [each for each in own if known_until is None or each.id > known_until]
    held = round(len(fresh) * (FIRST_SHARE if known_until is None else LATER_SHARE))
    ordered = sorted(own, key=lambda each: each.id)
    examples = [each.example for each in ordered]
    cut = len(examples) - held
    return History(examples[:cut], examples[cut:], _newest(own))


def _score(held_out: Mapping[str, Sequence[Example]], classifier: Classifier | None) -> float:
    """Mean F1 of the suggestions that people would have seen, over classes and then over languages."""
    found = [figures_of(known, classifier).combined.macro_f1 for known in held_out.values()]
    return sum(found) / len(found)


def _unproven(held_out: Mapping[str, Sequence[Example]], trial: Classifier) -> set[str]:
    """Languages in which acting was not right often enough on held-out texts, or never tried."""
    found = {name: figures_of(known, trial) for name, known in held_out.items()}
    return {
        name for name in trial.models if name not in found or not proven(found[name].acted_right, found[name].acted)
    }


def _languages(
    held_out: Mapping[str, Sequence[Example]], trial: Classifier, learned: Classifier, silent: Iterable[str]
) -> dict[str, LanguageReport]:
    made: dict[str, LanguageReport] = {}
    for name, known in held_out.items():
        found, model = figures_of(known, trial), learned.models.get(name)
        limits = model.thresholds if model else {}
        classes = {str(label): _class_report(found, str(label), limits.get(str(label), NEVER)) for label in LABELS}
        may_act = model is not None and name not in silent
        made[name] = LanguageReport(found.acted, found.acted_right, may_act, classes)
    return made


def _class_report(found: Figures, label: str, threshold: float) -> ClassReport:
    learned = found.classifier.classes[label] if found.classifier else reporting.NONE
    return ClassReport(found.rules.classes[label], learned, threshold)


def train_apart(own: Sequence[Example]) -> Classifier:
    """Learn in another process. Raises `LearningError` when that fails or takes too long, or without the extra."""
    if not available():
        raise LearningError("the classifier needs the extra: pip install isthmus[triage]")
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "bridge.triage.learning"],
            input=json.dumps(own).encode(),
            capture_output=True,
            timeout=LONGEST,
            check=True,
            env=environment,
        )
        return unpacked(done.stdout)
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise LearningError(f"training failed: {''.join(last)[:500]}") from error
    except (subprocess.TimeoutExpired, ModelRefused) as error:
        raise LearningError(f"training failed: {error}") from error
