"""What templates call most, as functions of Python: a macro costs some ten times as much, and a page makes hundreds."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from babel.support import NullTranslations
from flask import Flask, request
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from . import i18n
from .assets import asset
from .policies import actor
from .words import STATES


def init_app(app: Flask, theme: Callable[[], str]) -> None:
    """Give templates their words, icons and times, and who asks."""
    app.jinja_env.globals.update(
        {"_": gettext, "gettext": gettext, "ngettext": ngettext, "icon": icon, "when": when, "day": day}
    )
    app.jinja_env.globals.update(state=state, state_as=state_as, avatar=avatar, format_when=i18n.format_when)
    app.jinja_env.globals.update(format_day=i18n.format_day, format_month=i18n.format_month)
    app.jinja_env.filters["listed"] = i18n.listed
    app.context_processor(lambda: {"actor": actor(), "locale_tag": i18n.language(), "theme": theme(), "here": _here()})


def _here() -> str:
    """The address to come back to, within the installation."""
    return request.full_path.removesuffix("?") if request else "/"


@pass_eval_context
def gettext(context: EvalContext, text: str, /, **values: Any) -> str:
    """The text in the reader's language, its placeholders filled; escaped where the template escapes."""
    if not context.autoescape:
        return i18n.catalogue().gettext(text) % values
    if values:
        return Markup(i18n.catalogue().gettext(text)) % values  # noqa: S704 - texts of the catalogue are ours
    return _unvaried(i18n.catalogue(), text)


@lru_cache(maxsize=8192)
def _unvaried(catalogue: NullTranslations, text: str) -> Markup:
    return Markup(catalogue.gettext(text)) % {}  # noqa: S704 - texts of the catalogue are ours


@pass_eval_context
def ngettext(context: EvalContext, one: str, many: str, number: int, /, **values: Any) -> str:
    """As `gettext`, in the form that goes with the number, which fills `num`."""
    text = i18n.catalogue().ngettext(one, many, number)
    values.setdefault("num", number)
    return Markup(text) % values if context.autoescape else text % values  # noqa: S704 - texts of the catalogue are ours


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "") -> Markup:
    """An icon of static/img/icons.svg. Without a label it is decoration; with one an image of that name."""
    role = (
        Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true" focusable="false"')
    )
    return Markup('<svg class="i" {}><use href="{}#i-{}"/></svg>').format(role, asset("img/icons.svg"), name)


def when(moment: datetime, live: bool = True) -> Markup:
    """A moment in the reader's language and zone; a live one is shown as "5 minutes ago" by script."""
    return _time(*i18n.format_when(moment), live)


def day(moment: datetime) -> Markup:
    """A moment of which only the day matters."""
    iso, short, exact = i18n.format_when(moment)
    return _time(iso, short.rsplit(" ", 1)[0], exact, live=False)


@lru_cache(maxsize=4096)
def _time(iso: str, short: str, exact: str, live: bool) -> Markup:
    script = Markup(' data-controller="when"') if live else Markup("")
    return Markup('<time datetime="{}" title="{}"{}>{}</time>').format(iso, exact, script, short)


def state(key: str, framed: bool = False) -> Markup:
    """A state of the table in `words`: glyph, word, and a tone that never stands alone. `framed` for a page's head."""
    glyph, word, tone = STATES[key]
    return state_as(glyph, str(word), tone, framed)


def state_as(glyph: str, word: str, tone: str = "plain", framed: bool = False) -> Markup:
    """The look of a state for another word; the tone is solved, desk, resolved, wait, bad or anything neutral."""
    return _state(icon(glyph), str(word), tone, framed)


@lru_cache(maxsize=1024)
def _state(drawn: Markup, word: str, tone: str, framed: bool) -> Markup:
    frame = " state--framed" if framed else ""
    return Markup('<span class="state state--{}{}">{}{}</span>').format(tone, frame, drawn, word)


class Person(Protocol):
    """Whoever can be drawn."""

    @property
    def avatar_url(self) -> str | None:
        """Where the uploaded picture is."""

    @property
    def initials(self) -> str:
        """What stands in its place."""

    @property
    def role_kind(self) -> str:
        """`member`, `super_user` (ringed) or `staff` (square)."""


RINGS = {"super_user": " avatar--super", "staff": " avatar--desk"}
SCALES = {"s": (" avatar--s", 26), "m": ("", 36), "l": (" avatar--l", 64)}


def avatar(person: Person, size: str = "m") -> Markup:
    """A person's picture or initials; `size` is s, m or l."""
    return _avatar(person.avatar_url, person.initials, person.role_kind, size)


@lru_cache(maxsize=4096)
def _avatar(picture: str | None, initials: str, role_kind: str, size: str) -> Markup:
    scale, edge = SCALES[size]
    look = RINGS.get(role_kind, "") + scale
    if picture is None:
        return Markup('<span class="avatar{}" aria-hidden="true">{}</span>').format(look, initials)
    drawn = '<img class="avatar{}" src="{}" alt="" width="{}" height="{}" loading="lazy" decoding="async">'
    return Markup(drawn).format(look, picture, edge, edge)  # noqa: S704 - written above
