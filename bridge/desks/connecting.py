"""From what an administrator entered to a desk that can be asked."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bridge.handovers.models import ServiceDesk
from bridge.handovers.sealing import unseal

from .connectors import CONNECTORS
from .contract import Desk, DeskRefusedError, DeskSettings
from .declarative import desk as declarative
from .declarative.description import Description, DeskFileError, read_description, shipped

log = logging.getLogger(__name__)

FILE = "file:"
KINDS: dict[str, Callable[[DeskSettings], Desk]] = {**CONNECTORS}
DESCRIPTIONS: dict[str, Description] = {}


def describe(name: str, description: Description) -> None:
    """Let desks of a file be connected, under the kind `file:` and its name."""
    DESCRIPTIONS[name] = description
    KINDS[FILE + name] = partial(declarative.connect, description)


def describe_all(folder: Path) -> None:
    """The files that come with the program, and those that the operator put into the folder; broken ones are left out
    with a line in the log, and `isthmus desk check` tells what is wrong with them.
    """
    for name, description in shipped().items():
        describe(name, description)
    for path in sorted(folder.glob("*.toml")):
        try:
            describe(path.stem, read_description(path.read_text(encoding="utf-8")))
        except (DeskFileError, OSError, UnicodeDecodeError):
            log.exception("the desk file %s is left out", path)


def connect(desk: ServiceDesk) -> Desk:
    """The desk, ready to be asked. Raises `DeskRefusedError` for a kind that is gone, `UnsealError` for its keys."""
    if desk.kind not in KINDS:
        raise DeskRefusedError(f"{desk.kind} is not installed here any more")
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
