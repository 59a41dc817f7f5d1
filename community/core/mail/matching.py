"""Finding what a message is for: features say which addresses, Message-IDs and subjects are theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from . import addresses
from .letters import Letter

MOST_TARGETS = 5  # things that one message may be for


class Evidence(StrEnum):
    """Why a message is for something. A subject proves nothing: anybody can write one."""

    ADDRESS = "address"
    REFERENCE = "reference"
    SUBJECT = "subject"


@dataclass(frozen=True)
class Arrival:
    """A message for something of a feature's: `target` is the feature's own name of it, such as "42"."""

    letter: Letter
    target: str
    evidence: Evidence
    message_key: str = ""


def _nothing(*_asked: object) -> str | None:
    return None


@dataclass(frozen=True)
class Feature:
    """What receives mail. All functions run inside the transaction that takes the message over; none commits.

    `by_address` gets the numbers of a signed address whose purpose is `name`; `by_reference` the key of a Message-ID
    of ours made for `name`; `by_subject` the whole message. Each answers with a target or None. `take` gets what
    people wrote, and `note` what machines did, bounces too. What they raise makes the mail server try again later.
    """

    name: str
    take: Callable[[Arrival], None]
    note: Callable[[Arrival], None]
    by_address: Callable[[tuple[int, ...]], str | None] = _nothing
    by_reference: Callable[[str], str | None] = _nothing
    by_subject: Callable[[Letter], str | None] = _nothing
    takes_generated: Callable[[str], bool] = lambda _target: False


features: dict[str, Feature] = {}


def register(feature: Feature) -> None:
    """Let a feature receive mail; its name is the part before the + in its addresses."""
    features[feature.name] = feature


def find(letter: Letter, recipient: str) -> tuple[Feature, Arrival] | None:
    """What a message to this recipient is for: by its address, else by what it answers, else by its subject."""
    return _by_address(letter, recipient) or _by_reference(letter) or _by_subject(letter, recipient)


def _by_address(letter: Letter, recipient: str) -> tuple[Feature, Arrival] | None:
    token = addresses.read_address(recipient)
    feature = features.get(token.purpose) if token else None
    target = feature.by_address(token.ids) if feature and token else None
    if feature is None or target is None:
        return None
    about = _original(letter) if letter.bounce else None
    key = about[1] if about and about[0] == feature.name else ""
    return feature, Arrival(letter, target, Evidence.ADDRESS, key)


def _by_reference(letter: Letter) -> tuple[Feature, Arrival] | None:
    original = _original(letter) if letter.bounce else None
    answered = [addresses.read_message_id(key) for key in letter.answers] if not letter.bounce else [original]
    for found in answered:
        feature = features.get(found[0]) if found else None
        target = feature.by_reference(found[1]) if feature and found else None
        if feature is not None and found is not None and target is not None:
            return feature, Arrival(letter, target, Evidence.REFERENCE, found[1])
    return None


def _by_subject(letter: Letter, recipient: str) -> tuple[Feature, Arrival] | None:
    if letter.bounce or addresses.is_tokened(recipient):  # whoever forges an address gets no second chance
        return None
    for feature in features.values():
        target = feature.by_subject(letter)
        if target is not None:
            return feature, Arrival(letter, target, Evidence.SUBJECT)
    return None


def _original(letter: Letter) -> tuple[str, str] | None:
    return addresses.read_message_id(letter.bounce.message_id) if letter.bounce else None


def may_be_ours(recipient: str, mailbox: str) -> bool:
    """Whether mail to this address could be for anything here; a signed address must be genuine and in time."""
    purpose = addresses.purpose_of(recipient)
    if purpose is None:
        return False
    if addresses.is_tokened(recipient) and purpose in features:
        return addresses.read_address(recipient) is not None
    return purpose in features or purpose == mailbox.partition("@")[0].partition("+")[0].lower()
