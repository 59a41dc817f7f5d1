"""From the settings to a service that can be asked."""

from collections.abc import Callable

from flask import current_app

from community.core import sealing
from community.core.db import db, transaction, utcnow

from .akismet import AkismetShaped
from .contract import SpamCheck, SpamServiceError
from .models import SpamConnection

PURPOSE = "isthmus spam service"


def settings() -> SpamConnection | None:
    """The service as an administrator entered it."""
    return db.session.get(SpamConnection, 1)


def seal_key(key: str) -> str:
    """The key as it is kept."""
    return sealing.seal({"key": key}, PURPOSE)


def connect(row: SpamConnection) -> SpamCheck:
    """The service, ready to be asked. Raises `SpamServiceError`."""
    make: Callable[[SpamConnection], SpamCheck] | None = current_app.extensions.get("isthmus.spam")
    if make is not None:
        return make(row)
    try:
        key = sealing.unseal(row.sealed_key, PURPOSE).get("key", "")
    except sealing.BrokenSealError as error:
        raise SpamServiceError("key", "enter it again") from error
    return AkismetShaped(row.base, key, str(current_app.config["PUBLIC_URL"]), allow_private=row.private)


def note(what: str) -> None:
    """Keep what became of the last time the service was asked, in a short transaction of its own."""
    with transaction():
        row = settings()
        if row is not None:
            row.last, row.last_at = what, utcnow()
