"""Secrets at rest: encrypted with a key made from the installation's secret, so that a copy of the database alone
opens nothing. Each purpose has a key of its own.
"""

import base64
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


class BrokenSealError(Exception):
    """It was sealed under another ISTHMUS_SECRET_KEY, or for another purpose."""


def seal(secrets: Mapping[str, str], purpose: str) -> str:
    """Secrets as text that may be stored; nothing for none."""
    return _box(purpose).encrypt(json.dumps(dict(secrets)).encode()).decode() if secrets else ""


def unseal(sealed: str, purpose: str) -> dict[str, str]:
    """The secrets. Raises `BrokenSealError`."""
    if not sealed:
        return {}
    try:
        return dict(json.loads(_box(purpose).decrypt(sealed.encode())))
    except InvalidToken as error:
        raise BrokenSealError("this was sealed under another ISTHMUS_SECRET_KEY") from error


def _box(purpose: str) -> Fernet:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)
    return Fernet(base64.urlsafe_b64encode(derived))
