"""Addresses of pages within the installation, for the many links of a page."""

import re
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, url_for
from werkzeug.routing import BuildError

Shapes = dict[tuple[str | None, ...], str | None]

# Stands for what varies while the shape of an address is found; long enough to occur in no route by chance.
_GAP = 1_987_654_321
_WORD = re.compile("[A-Za-z0-9-]+")
_PATH = re.compile("/|(/[A-Za-z0-9-]+)+")


def init_app(app: Flask) -> None:
    """Let templates use `address` under the name they know."""
    app.extensions["isthmus.addresses"] = {}
    app.jinja_env.globals["url_for"] = address


def address(endpoint: str, **values: Any) -> str:
    """What Flask's `url_for` gives, from a shape found once where only numbers, plain words and plain paths vary.

    A page of posts holds some hundred links, and to build each from the routes costs more than to draw the posts.
    """
    if not has_request_context():
        return url_for(endpoint, **values)
    shapes, key = _shapes(), (endpoint, *values, *map(_kind, values.values()))
    if key not in shapes:
        shapes[key] = _shape(endpoint, values)
    shape = shapes[key]
    return url_for(endpoint, **values) if shape is None else shape % values


def _kind(value: object) -> str | None:
    """What kind of value stands in an address as it is; None for one that has to be looked at each time."""
    if type(value) is int:
        return "number"
    if type(value) is not str:
        return None
    return "word" if _WORD.fullmatch(value) else "path" if _PATH.fullmatch(value) else None


def _gap(number: int, value: object) -> Any:
    """Another value of the same kind, which is found again in the address; None for one without a kind."""
    gaps = {"number": _GAP + number, "word": f"{_GAP + number}", "path": f"/{_GAP + number}"}
    return gaps.get(_kind(value) or "")


def _shape(endpoint: str, values: dict[str, Any]) -> str | None:
    """The address with a place by name for each value; None where the route takes only certain words, or where one has
    to be looked at or does not stay as it is.
    """
    gaps = {name: _gap(number, value) for number, (name, value) in enumerate(values.items())}
    if None in gaps.values():
        return None
    try:
        shape = url_for(endpoint, **gaps).replace("%", "%%")
    except (BuildError, ValueError):
        return None
    if not all(str(gap) in shape for gap in gaps.values()):
        return None
    for name, gap in gaps.items():
        shape = shape.replace(str(gap), f"%({name})s")
    return shape


def _shapes() -> Shapes:
    """The shapes found so far below the present request's root; found by way of `g`, for each proxy costs a little."""
    held = g._get_current_object()
    kept: Shapes | None = held.get("shapes")
    if kept is None:
        kept = held.shapes = current_app.extensions["isthmus.addresses"].setdefault(request.script_root, {})
    return kept
