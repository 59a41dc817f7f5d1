"""Connectors: the desks that Isthmus knows how to speak to, by their kind."""

from collections.abc import Callable, Mapping

from bridge.desks.contract import Desk, DeskRefusedError, DeskSettings

from .django_helpdesk import DjangoHelpdesk
from .roundup import Roundup
from .rt import RequestTracker

CONNECTORS: Mapping[str, Callable[[DeskSettings], Desk]] = {
    "rt": RequestTracker,
    "roundup": Roundup,
    "django_helpdesk": DjangoHelpdesk,
}


def connect(settings: DeskSettings) -> Desk:
    """The desk behind these settings; nothing is asked yet. Raises `DeskRefusedError` where they are no use."""
    if settings.kind not in CONNECTORS:
        raise DeskRefusedError(f"there is no connector {settings.kind!r}")
    return CONNECTORS[settings.kind](settings)
