"""From what an administrator entered to a desk that can be asked."""

from collections.abc import Callable

from bridge.handovers.models import ServiceDesk
from bridge.handovers.sealing import unseal

from .connectors import CONNECTORS
from .contract import Desk, DeskSettings

KINDS: dict[str, Callable[[DeskSettings], Desk]] = {**CONNECTORS}


def connect(desk: ServiceDesk) -> Desk:
    """The desk, ready to be asked. Raises `KeyError` for a kind that is not there, `UnsealError` for its keys."""
    return KINDS[desk.kind](settings_of(desk))


def settings_of(desk: ServiceDesk) -> DeskSettings:
    """What was entered for a desk, its keys in the clear."""
    return DeskSettings(
        key=desk.key,
        kind=desk.kind,
        url=desk.url,
        options=desk.options,
        secrets=unseal(desk.sealed),
        statuses=desk.statuses,
        allow_private=desk.allow_private,
    )
