"""What a spam service is asked and answers, whichever it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

SPAM, HAM = "spam", "ham"


@dataclass(frozen=True)
class Writing:
    """What is sent out about one contribution, and nothing else. `author_email` is empty unless it may be sent."""

    kind: str  # "thread" or "post"
    text: str
    address: str
    author: str
    language: str
    at: datetime
    author_email: str = ""


@dataclass(frozen=True)
class SpamVerdict:
    """What a service thinks: 0 is surely not spam, 1 surely is. `reason` is the service's own word, perhaps empty."""

    score: float
    reason: str = ""


class SpamServiceError(Exception):
    """The service cannot be used: it did not answer in time, refused the key, or answered nonsense.

    `why` is `silent`, `key`, `nonsense` or `address`; trying again helps with the first and third only.
    """

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why = why


class SpamCheck(Protocol):
    """A service that knows spam. Every method raises `SpamServiceError`."""

    def verify(self) -> None:
        """Whether key and address are accepted."""

    def check(self, writing: Writing) -> SpamVerdict:
        """What it thinks of a contribution."""

    def learn(self, writing: Writing, verdict: str) -> None:
        """Tell it what people decided: `spam` or `ham`."""
