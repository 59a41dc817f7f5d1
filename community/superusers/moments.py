"""Moments as text, cut off at a month or an hour, so that a database can count by them."""

from typing import Any

from sqlalchemy import ColumnElement, String, cast, func

from community.core.db import db

MONTH, TEN_MINUTES = 7, 15  # of 2026-11-22 15:20


def cut(moment: Any, length: int) -> ColumnElement[str]:
    """The first signs of a moment in UTC."""
    if db.session.get_bind().dialect.name == "postgresql":
        return func.substr(func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD HH24:MI"), 1, length)
    return func.substr(cast(moment, String), 1, length)
