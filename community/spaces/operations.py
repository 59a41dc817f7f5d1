"""Opening spaces and changing them."""

from dataclasses import asdict, dataclass

from sqlalchemy import select

from community.core import events
from community.core.db import db
from community.core.markup import render

from .events import SpaceChanged, SpaceCreated
from .models import OPEN, Space

TAG_LISTS = ("tags", "required_tags", "reserved_tags")


@dataclass(frozen=True, kw_only=True)
class SpaceDetails:
    """Everything about a space that a manager writes. `promise_hours` 0 promises nothing."""

    slug: str
    name: str
    description: str = ""
    charter: str = ""
    language: str = "en"
    visibility: str = OPEN
    run_by: str = "provider"
    promise_hours: int = 0
    service: str = ""
    service_critical: bool = False
    tags: tuple[str, ...] = ()
    required_tags: tuple[str, ...] = ()
    reserved_tags: tuple[str, ...] = ()


def create_space(details: SpaceDetails, *, by_id: int | None) -> Space:
    """Open a space."""
    space = Space()
    _write(space, details)
    db.session.add(space)
    db.session.flush()
    events.record(SpaceCreated(actor_id=by_id, space_id=space.id))
    return space


def change_space(space: Space, details: SpaceDetails, *, by_id: int | None) -> None:
    """Change a space; nothing is recorded where nothing changed."""
    before = space.visibility
    changed = _write(space, details)
    if changed:
        events.record(
            SpaceChanged(
                actor_id=by_id,
                space_id=space.id,
                changed=changed,
                visibility_before=before,
                visibility_after=space.visibility,
            )
        )


def let_write(space: Space, *, start_by: str, reply_by: str, by_id: int | None) -> None:
    """Say who begins threads in a space, and who replies: `MEMBERS` or `GROUPS`."""
    wanted = {"start_by": start_by, "reply_by": reply_by}
    changed = tuple(name for name, value in wanted.items() if getattr(space, name) != value)
    for name in changed:
        setattr(space, name, wanted[name])
    if changed:
        same = space.visibility
        fact = SpaceChanged(
            actor_id=by_id, space_id=space.id, changed=changed, visibility_before=same, visibility_after=same
        )
        events.record(fact)


def slug_is_free(slug: str, *, but: Space | None = None) -> bool:
    """Whether no other space has this slug."""
    holder = db.session.scalar(select(Space.id).where(Space.slug == slug))
    return holder is None or (but is not None and holder == but.id)


def _write(space: Space, details: SpaceDetails) -> tuple[str, ...]:
    """Take the details over; the names of the fields that changed. The charter is rendered now."""
    wanted = {name: list(value) if name in TAG_LISTS else value for name, value in asdict(details).items()}
    changed = tuple(name for name, value in wanted.items() if getattr(space, name) != value)
    for name in changed:
        setattr(space, name, wanted[name])
    if "charter" in changed:
        space.charter_html = render(details.charter).html if details.charter else ""
    return changed
