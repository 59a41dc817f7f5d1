"""News of one's own standing name places; a place that is closed by now is not named any more."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from community.core.db import db
from community.core.policies import Actor
from community.spaces.models import Space
from community.spaces.queries import readable

Facts = Mapping[int, Mapping[str, Any]]  # payloads of facts by their ids


def about_known_places(actor: Actor, facts: Facts) -> Collection[int]:
    """That a standing ended is for whoever had it; that one has it, for whoever reads the space."""
    places = {payload["space_id"] for payload in facts.values() if payload.get("space_id")}
    seen = set(db.session.scalars(select(Space.id).where(Space.id.in_(places), readable(actor)))) if places else set()
    return [
        id_
        for id_, payload in facts.items()
        if not payload.get("space_id") or not payload.get("after") or payload["space_id"] in seen
    ]
