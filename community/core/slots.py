"""Slots: templates name holes, upper packages fill them."""

from collections.abc import Callable

from markupsafe import Markup

_filled: dict[str, list[Callable[..., str]]] = {}


def fill(name: str) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """Register what goes into the slot `name`; functions get the slot's keyword arguments and return HTML."""

    def register(function: Callable[..., str]) -> Callable[..., str]:
        waiting = _filled.setdefault(name, [])
        if function not in waiting:
            waiting.append(function)
        return function

    return register


def slot(name: str, **arguments: object) -> Markup:
    """All that was put into the slot, in the order in which the packages were loaded."""
    return Markup("").join(Markup(function(**arguments)) for function in _filled.get(name, ()))  # noqa: S704 - each filler renders a template


def filled() -> dict[str, int]:
    """How many fillers each slot has."""
    return {name: len(functions) for name, functions in sorted(_filled.items())}
