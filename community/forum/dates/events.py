"""Facts about when something happens."""

from dataclasses import dataclass

from ..events import ThreadEvent


@dataclass(frozen=True, kw_only=True)
class DateSet(ThreadEvent):
    """An announcement says when it happens, or says something else than before."""

    name = "forum.thread.date_set"
    changed: bool


@dataclass(frozen=True, kw_only=True)
class DateCancelled(ThreadEvent):
    """What was announced does not happen."""

    name = "forum.thread.date_cancelled"
