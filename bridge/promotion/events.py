"""Facts of promotion: what rules said of threads, and what people did about it."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class WatchEvent(Event):
    """What all facts about a watched thread carry."""

    subject = "thread_id"
    thread_id: int


@dataclass(frozen=True, kw_only=True)
class RuleSuggested(WatchEvent):
    """A rule began to suggest the thread to staff."""

    name = "bridge.rule.suggested"
    rule: str


@dataclass(frozen=True, kw_only=True)
class CountdownBegun(WatchEvent):
    """An automatic rule will take the thread to the desk unless people step in; told once a rule."""

    name = "bridge.countdown.begun"
    rule: str


@dataclass(frozen=True, kw_only=True)
class RulePromoted(WatchEvent):
    """An automatic rule took the thread to the desk. `space_id` is where the rule was made, 0 for everywhere."""

    name = "bridge.rule.promoted"
    rule: str
    query_id: int
    space_id: int = 0


@dataclass(frozen=True, kw_only=True)
class SuggestionDismissed(WatchEvent):
    """Staff said that the thread stays in the community. `rules` are those that had suggested it."""

    name = "bridge.suggestion.dismissed"
    reason: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ThreadClaimed(WatchEvent):
    """A super user looks at it for some hours, in which no rule takes it to the desk."""

    name = "bridge.thread.claimed"
    until: str


@dataclass(frozen=True, kw_only=True)
class ThreadHeld(WatchEvent):
    """A super user said why no rule may take it to the desk for some time."""

    name = "bridge.thread.held"
    until: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ThreadProposed(WatchEvent):
    """A super user asked the desk to take the thread, as this class."""

    name = "bridge.thread.proposed"
    query_class: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ThreadLetGo(WatchEvent):
    """Claims and holds were taken back."""

    name = "bridge.thread.let-go"
