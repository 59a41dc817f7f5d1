"""What came out of learning, kept beside the classifier: its quality on texts it never saw, and what it may do."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from community.core.storage import FileMissing, Storage

from .figures import ClassQuality

KEY = "triage/report.json"
LARGEST = 1_000_000  # bytes of a file that is read at all
NONE = ClassQuality(0.0, 0.0, 0.0, 0)


@dataclass(frozen=True)
class ClassReport:
    """One class in one language: the rules and the classifier on held-out texts, and the confidence from which on it
    acts (0 to 1, more where it never does)."""

    rules: ClassQuality = NONE
    classifier: ClassQuality = NONE
    threshold: float = 2.0

    @property
    def acts(self) -> bool:
        """Whether it may act on this class at all."""
        return self.threshold <= 1


@dataclass(frozen=True)
class LanguageReport:
    """One language: how often it would have acted on held-out texts and was right, and whether it therefore may."""

    acted: int
    right: int
    may_act: bool
    classes: dict[str, ClassReport]


@dataclass(frozen=True)
class Report:
    """One time of learning. `learned_until` is the newest decision of the desk that it knew; `score` and `before` are
    the mean F1 of the suggestions on held-out texts with it, and with what stood before."""

    at: str
    kept: bool
    learned_until: int
    invented: int
    own: int
    held_invented: int
    held_own: int
    score: float
    before: float
    languages: dict[str, LanguageReport] = field(default_factory=dict)


@dataclass(frozen=True)
class Reports:
    """Of the classifier that is kept, and of the last time of learning, whatever became of it."""

    kept: Report | None = None
    last: Report | None = None


def reports(storage: Storage) -> Reports:
    """What is known; nothing where nothing was learned yet or the file cannot be read. Raises `StorageError`."""
    try:
        data = storage.get(KEY)
        if len(data) > LARGEST:
            return Reports()
        content = json.loads(data)
        return Reports(*(_report(content[name]) if content[name] else None for name in ("kept", "last")))
    except (FileMissing, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Reports()


def write(found: Reports, storage: Storage) -> None:
    """Keep the reports. Raises `StorageError`."""
    storage.put(KEY, json.dumps(asdict(found)).encode(), "application/json")


def _report(content: Mapping[str, Any]) -> Report:
    languages = {str(name): _language(found) for name, found in content["languages"].items()}
    return Report(**{**content, "languages": languages})


def _language(content: Mapping[str, Any]) -> LanguageReport:
    classes = {
        str(label): ClassReport(
            ClassQuality(**found["rules"]), ClassQuality(**found["classifier"]), float(found["threshold"])
        )
        for label, found in content["classes"].items()
    }
    return LanguageReport(**{**content, "classes": classes})
