"""The suggestion that people see: the rules', and the classifier's where one is kept and sure enough to act."""

import logging
import time
from dataclasses import dataclass

from flask import current_app

from bridge.queries.redaction import redact
from community.core.storage import Storage, StorageError

from .classifying import Classifier, ModelRefused, available, combine, kept
from .reporting import Reports, reports
from .suggesting import Evidence, Suggestion, suggest

log = logging.getLogger(__name__)

LOOK_AGAIN = 60.0  # seconds after which a process asks whether another classifier is kept
_KEY = "isthmus.triage"


@dataclass(frozen=True)
class _Loaded:
    """The classifier that this process has read: when it last looked, and when that one was trained."""

    looked_at: float
    trained_at: str
    classifier: Classifier | None


def suggestion_of(evidence: Evidence) -> Suggestion:
    """The class that fits best by the rules and by what was learned, with the reasons of both."""
    suggestion, classifier = suggest(evidence), standing()
    if classifier is None:
        return suggestion
    # Redacted, as were the texts that it learned from.
    text = redact(f"{evidence.title}\n{evidence.body}").text
    return combine(suggestion, classifier.classify(text, evidence.language))


def standing() -> Classifier | None:
    """The kept classifier, read once by each process; none without the extra, or where it cannot be read."""
    if not available():
        return None
    loaded: _Loaded | None = current_app.extensions.get(_KEY)
    now = time.monotonic()
    if loaded is None or now - loaded.looked_at >= LOOK_AGAIN:
        loaded = _look(loaded, now)
        current_app.extensions[_KEY] = loaded
    return loaded.classifier


def look_again() -> None:
    """Let this process ask at once whether another classifier is kept."""
    current_app.extensions.pop(_KEY, None)


def storage() -> Storage:
    """Where the classifier is kept."""
    found: Storage = current_app.extensions["isthmus.storage"]
    return found


def _look(before: _Loaded | None, now: float) -> _Loaded:
    trained_at = _trained_at()
    if before is not None and before.trained_at == trained_at:
        return _Loaded(now, trained_at, before.classifier)
    return _Loaded(now, trained_at, _read() if trained_at else None)


def _trained_at() -> str:
    known = _reports()
    return known.kept.at if known.kept else ""


def _reports() -> Reports:
    try:
        return reports(storage())
    except StorageError:
        return Reports()


def _read() -> Classifier | None:
    try:
        return kept(storage())
    except (ModelRefused, StorageError) as reason:
        log.warning("the classifier is left out, the rules go on alone: %s", reason)
        return None
