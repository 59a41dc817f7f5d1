"""Languages: catalogues are read from their sources, the reader's language is found by our own rule."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton, format_time, get_timezone
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, refresh

from .db import utcnow
from .policies import actor

TRANSLATIONS = Path(__file__).parent / "translations"
LANGUAGES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
LANGUAGE_COOKIE = "language"


class SourceDomain(Domain):
    """Reads .po files themselves, so that no compiled catalogue has to be built, shipped or kept in step."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the present language."""
        return catalogue()


def catalogue() -> NullTranslations:
    """The texts of the present language; English is the language of the sources."""
    if not has_request_context():
        return _catalogue("en")
    held = g._get_current_object()  # asked for hundreds of times a page, and each look through the proxy costs
    kept: NullTranslations | None = held.get("catalogue")
    if kept is None:
        kept = held.catalogue = _catalogue(language())
    return kept


@lru_cache(maxsize=8)
def _catalogue(tag: str) -> NullTranslations:
    path = TRANSLATIONS / tag.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


_DOMAIN = SourceDomain()


class SourceBabel(Babel):
    """Babel with our own domain."""

    @property
    def domain_instance(self) -> Domain:
        """The domain that reads our sources."""
        return _DOMAIN


def init_app(app: Flask) -> None:
    """Bind Babel with our own way of choosing a language and a time zone."""
    SourceBabel(
        app,
        locale_selector=_locale,
        timezone_selector=time_zone,
    )


def _locale() -> Locale:
    """How dates and numbers are written; English as most of the world writes it, with days first and 24 hours."""
    return _locale_of(language())


def locale() -> Locale:
    """How days and hours are written for the reader."""
    return _locale_of(language())


@lru_cache(maxsize=8)
def _locale_of(tag: str) -> Locale:
    return Locale("en", "GB") if tag == "en" else Locale.parse(tag, sep="-")


def language() -> str:
    """The tag of the language to answer in: chosen in this browser, in the profile, else what the browser accepts."""
    if not has_request_context():
        return "en"
    held = g._get_current_object()
    chosen: str | None = held.get("language")
    if chosen is None:
        chosen = held.language = _chosen_language()
    return chosen


def speak(tag: str) -> None:
    """Answer in this language from here on (mail to somebody else)."""
    g.language = tag if tag in LANGUAGES else "en"
    g.pop("catalogue", None)
    refresh()


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Answer in this language inside, and in the one before again after it."""
    before = language()
    speak(tag)
    try:
        yield
    finally:
        speak(before)


def _chosen_language() -> str:
    for choice in (request.cookies.get(LANGUAGE_COOKIE, ""), actor().language):
        if choice in LANGUAGES:
            return choice
    for tag, _quality in request.accept_languages:
        found = match(tag)
        if found:
            return found
    return "en"


def match(tag: str) -> str | None:
    """Our language for a browser's tag, by its script: Taiwan, Hong Kong and Macau read Traditional Chinese."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None
    if locale.language in ("zh", "yue"):
        return "zh-Hant" if locale.script == "Hant" else "zh-Hans"
    return "en" if locale.language == "en" else None


def time_zone() -> str | None:
    """The reader's time zone, or none for the installation's own."""
    return (actor().time_zone or None) if has_request_context() else None


def zone() -> ZoneInfo:
    """The reader's time zone, else the installation's."""
    return zone_of(time_zone() or "")


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name; the installation's where there is none of that name, or no name."""
    try:
        return ZoneInfo(name or default_zone())
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(default_zone())


def day_here(moment: datetime) -> date:
    """The day of a moment in the installation's time zone: the one that holds for all who share a first or last day."""
    return moment.astimezone(zone_of("")).date()


def format_when(moment: datetime) -> tuple[str, str, str]:
    """A time as (ISO 8601, short, exact) in the reader's language and zone.

    The short form never depends on the present hour, so that a kept page stays true: a script makes it relative.
    """
    return _when(moment, time_zone() or default_zone(), language(), utcnow().year)


@lru_cache(maxsize=4096)
def _when(moment: datetime, zone_name: str, tag: str, year: int) -> tuple[str, str, str]:
    zone, locale = get_timezone(zone_name), _locale_of(tag)
    local = moment.astimezone(zone)
    time = format_time(local, "short", locale=locale, tzinfo=zone)
    exact = format_datetime(moment, "long", tzinfo=zone, locale=locale)
    return moment.isoformat(timespec="seconds"), f"{_day(local, locale, year)} {time}", exact


def format_day(moment: date, *, with_year: bool = False) -> str:
    """A day in the reader's language, with its year unless that is the present one; or always, for what is kept."""
    return _day(moment, _locale_of(language()), 0 if with_year else utcnow().year)


def listed(names: Iterable[object]) -> str:
    """Names after each other, as the reader's language parts them."""
    return ("、" if language().startswith("zh") else ", ").join(map(str, names))


def format_month(day: date) -> str:
    """The month of a day, with its year, in the reader's language."""
    return str(format_skeleton("yMMM", day, locale=_locale_of(language())))


def _day(local: date, locale: Locale, year: int) -> str:
    if local.year == year:
        skeleton = "M月d日" if locale.language == "zh" else "d MMM"
        return str(format_date(local, skeleton, locale=locale))
    return str(format_date(local, "medium", locale=locale))


def default_zone() -> str:
    """The installation's time zone."""
    return _default_zone[0]


_default_zone = ["UTC"]


def set_default_zone(name: str) -> None:
    """Set the installation's time zone at start."""
    _default_zone[0] = name
