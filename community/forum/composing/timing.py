"""How long a form was open before it was sent, as its page says under a signature."""

from datetime import UTC, datetime, timedelta

from flask import Flask, current_app, request
from itsdangerous import BadSignature, Signer

from community.core.db import utcnow

LONGEST = timedelta(days=30)
_OPENED = "opened"


def init_app(app: Flask) -> None:
    """Let templates write the mark into their forms."""
    app.jinja_env.globals.update(opened=mark)


def mark() -> str:
    """When the form was opened; one that comes back with a message was opened when it first was."""
    given = request.form.get(_OPENED, "")
    return given if _since(given) is not None else _signer().sign(str(int(utcnow().timestamp()))).decode()


def open_for() -> timedelta:
    """How long the form that was sent was open; no time at all where none was opened."""
    return _since(request.form.get(_OPENED, "")) or timedelta(0)


def _since(given: str) -> timedelta | None:
    try:
        at = datetime.fromtimestamp(int(_signer().unsign(given)), UTC)
    except (BadSignature, ValueError):
        return None
    return min(max(utcnow() - at, timedelta(0)), LONGEST)


def _signer() -> Signer:
    return Signer(str(current_app.secret_key), salt="form-opened")
