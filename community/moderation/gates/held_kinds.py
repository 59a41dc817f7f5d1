"""What can be held back: packages say, for each kind of thing they own, how it is published and taken back again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel.speaklater import LazyString

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Waiting:
    """One thing as its kind knows it: `typed` is what publishing needs, `before` what the last act left to the next."""

    id: int
    member_id: int
    rule: str
    typed: Data
    before: Data


@dataclass(frozen=True)
class HeldKind:
    """One kind of thing that waits until a person looked at it.

    `fits` is whether its author could publish it now; `publish(waiting, by_id)` does, also once more after it was taken
    back, and tells nobody twice. `stands` is whether what was published still is as it was left, so that
    `withdraw(waiting, by_id)` can take it back; both return what the other needs. `address` is where it stands, if
    anywhere. `goes_on` leads its author to a form with the text in it; without one the text is put among their drafts.
    """

    key: str
    label: LazyString
    fits: Callable[[Waiting], bool]
    publish: Callable[[Waiting, int], dict[str, Any]]
    stands: Callable[[Waiting], bool]
    withdraw: Callable[[Waiting, int], dict[str, Any]]
    address: Callable[[Waiting], str]
    goes_on: Callable[[Waiting], str] | None = None


_known: dict[str, HeldKind] = {}


def register_held_kind(kind: HeldKind) -> None:
    """Let one more kind of thing be held back."""
    _known[kind.key] = kind


def held_kind(key: str) -> HeldKind | None:
    """A registered kind, or None where its package is not loaded."""
    return _known.get(key)


def label_of(key: str) -> str:
    """What a kind is called; its key where its package is not loaded."""
    return str(_known[key].label) if key in _known else key
