"""Keys of desks at rest: encrypted with a key made from the installation's secret, so that a copy of the database
alone opens nothing.
"""

import base64
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

PURPOSE = b"isthmus desk keys"


class UnsealError(Exception):
    """The keys were sealed under another ISTHMUS_SECRET_KEY: they have to be entered again."""


def seal(secrets: Mapping[str, str]) -> str:
    """Secrets as text that may be stored; nothing for none."""
    return _box().encrypt(json.dumps(dict(secrets)).encode()).decode() if secrets else ""


def unseal(sealed: str) -> dict[str, str]:
    """The secrets. Raises `UnsealError`."""
    if not sealed:
        return {}
    try:
        return dict(json.loads(_box().decrypt(sealed.encode())))
    except InvalidToken as error:
        raise UnsealError("the desk's keys were sealed under another ISTHMUS_SECRET_KEY: enter them again") from error


def _box() -> Fernet:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE).derive(secret)
    return Fernet(base64.urlsafe_b64encode(derived))
