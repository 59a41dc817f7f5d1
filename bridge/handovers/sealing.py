"""Keys of desks at rest, sealed like everything that a copy of the database alone must not open."""

from collections.abc import Mapping

from bridge.desks.contract import DeskKeyError
from community.core import sealing

PURPOSE = "isthmus desk keys"


class UnsealError(DeskKeyError):
    """The keys were sealed under another ISTHMUS_SECRET_KEY: they have to be entered again."""


def seal(secrets: Mapping[str, str]) -> str:
    """Secrets as text that may be stored; nothing for none."""
    return sealing.seal(secrets, PURPOSE)


def unseal(sealed: str) -> dict[str, str]:
    """The secrets. Raises `UnsealError`."""
    try:
        return sealing.unseal(sealed, PURPOSE)
    except sealing.BrokenSealError as error:
        raise UnsealError("the desk's keys were sealed under another ISTHMUS_SECRET_KEY: enter them again") from error
