"""Facts about questions to experts."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ExpertEvent(Event):
    """A fact about one question."""

    subject = "question_id"
    question_id: int


@dataclass(frozen=True, kw_only=True)
class ExpertAsked(ExpertEvent):
    """A super user asked a pool."""

    name = "inner.expert.asked"


@dataclass(frozen=True, kw_only=True)
class ExpertTook(ExpertEvent):
    """One of the pool answers it."""

    name = "inner.expert.took"


@dataclass(frozen=True, kw_only=True)
class ExpertAnswered(ExpertEvent):
    """The answer is there."""

    name = "inner.expert.answered"


@dataclass(frozen=True, kw_only=True)
class ExpertPublished(ExpertEvent):
    """The answer's text was published in the thread for whose sake it was asked."""

    name = "inner.expert.published"
    thread_id: int
    post_id: int
