"""Pushes signed with a shared secret: `X-Bridge-Signature: sha256=` and the HMAC of the body."""

import hashlib
import hmac
import json
from collections.abc import Mapping

from bridge.desks.contract import PushRefusedError

HEADER = "x-bridge-signature"


def verify(secret: str, headers: Mapping[str, str], body: bytes) -> None:
    """Raises `PushRefusedError` unless this body was signed with the secret; always where there is no secret."""
    if not secret:
        raise PushRefusedError("no secret is set for pushes of this desk")
    due = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(due.encode(), headers.get(HEADER, "").encode("utf-8", "replace")):
        raise PushRefusedError("the signature is wrong")


def ticket_of(body: bytes, name: str) -> tuple[str, ...]:
    """The number under this name in a JSON push. Raises `PushRefusedError` where there is none."""
    try:
        number = str(json.loads(body)[name])
    except (ValueError, LookupError, TypeError) as error:
        raise PushRefusedError(f"the push names no {name}") from error
    if not (number.isascii() and number.isdigit()):
        raise PushRefusedError(f"the push names no {name}")
    return (number,)
