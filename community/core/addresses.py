"""Addresses of pages within the installation, for the many links of a page."""

from typing import Any

from flask import Flask, current_app, request, url_for

# Stands for what varies while the shape of an address is found; long enough to occur in no route by chance.
_GAP = 1_987_654_321


def init_app(app: Flask) -> None:
    """Let templates use `address` under the name they know."""
    app.extensions["isthmus.addresses"] = {}
    app.jinja_env.globals["url_for"] = address


def address(endpoint: str, **values: Any) -> str:
    """What Flask's `url_for` gives, from a shape found once where only a number or a plain word varies.

    A page of posts holds some hundred links, and to build each from the routes costs more than to draw the posts.
    """
    if len(values) > 1 or not request:
        return url_for(endpoint, **values)
    for name, value in values.items():
        if not _is_plain(value):
            return url_for(endpoint, **values)
        before, after = _shape(endpoint, name, type(value))
        return f"{before}{value}{after}"
    return _shape(endpoint, "", str)[0]


def _is_plain(value: object) -> bool:
    """Whether the value stands in an address as it is."""
    return type(value) is int or (type(value) is str and value.isascii() and value.replace("-", "").isalnum())


def _shape(endpoint: str, name: str, kind: type) -> tuple[str, str]:
    """The parts of an address before and after what varies; all of it where nothing does."""
    shapes: dict[tuple[str, str, str, type], tuple[str, str]] = current_app.extensions["isthmus.addresses"]
    key = (request.script_root, endpoint, name, kind)
    if key not in shapes:
        before, _gap, after = url_for(endpoint, **({name: kind(_GAP)} if name else {})).partition(str(_GAP))
        shapes[key] = before, after
    return shapes[key]
