"""What recognition brings to the demo world: its votes are looked at as every night, and what looks arranged waits."""

from collections.abc import Mapping
from datetime import datetime

from .integrity.watching import watch_votes


def seed(_threads: Mapping[str, int], _now: datetime) -> None:
    """Propose what detection finds to a person; nothing else happens."""
    watch_votes()
