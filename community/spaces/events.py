"""Facts about spaces."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class SpaceCreated(Event):
    """A space was opened."""

    name = "spaces.space.created"
    subject = "space_id"
    space_id: int


@dataclass(frozen=True, kw_only=True)
class SpaceChanged(Event):
    """A space was changed. `changed` names the fields; `visibility` is who may read it."""

    name = "spaces.space.changed"
    subject = "space_id"
    space_id: int
    changed: tuple[str, ...] = ()
    visibility_before: str = ""
    visibility_after: str = ""
