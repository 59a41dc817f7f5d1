"""Addresses of pages within the installation, for the many links of a page."""

from typing import Any

from flask import Flask, current_app, g, has_request_context, request, url_for
from werkzeug.routing import BuildError

Shapes = dict[tuple[object, ...], str | None]

# Stands for what varies while the shape of an address is found; long enough to occur in no route by chance.
_GAP = 1_987_654_321


def init_app(app: Flask) -> None:
    """Let templates use `address` under the name they know."""
    app.extensions["isthmus.addresses"] = {}
    app.jinja_env.globals["url_for"] = address


def address(endpoint: str, **values: Any) -> str:
    """What Flask's `url_for` gives, from a shape found once where only numbers and plain words vary.

    A page of posts holds some hundred links, and to build each from the routes costs more than to draw the posts.
    """
    if not has_request_context() or not all(map(_is_plain, values.values())):
        return url_for(endpoint, **values)
    shapes, key = _shapes(), (endpoint, *values, *map(type, values.values()))
    if key not in shapes:
        shapes[key] = _shape(endpoint, values)
    shape = shapes[key]
    return url_for(endpoint, **values) if shape is None else shape % values


def _is_plain(value: object) -> bool:
    """Whether the value stands in an address as it is."""
    return type(value) is int or (type(value) is str and value.isascii() and value.replace("-", "").isalnum())


def _shape(endpoint: str, values: dict[str, Any]) -> str | None:
    """The address with a place by name for each value; None where the route takes only certain words."""
    gaps = {name: type(value)(_GAP + number) for number, (name, value) in enumerate(values.items())}
    try:
        shape = url_for(endpoint, **gaps).replace("%", "%%")
    except (BuildError, ValueError):
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
