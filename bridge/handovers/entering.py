"""What an administrator enters for a desk becomes its settings; its keys are taken in and never given out again."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import select

from bridge.desks import connecting
from bridge.desks.contract import DeskError, DeskSettings, Health
from community.core.db import db

from .models import AT_ONCE, DeskRoute, ServiceDesk
from .sealing import UnsealError, seal, unseal

HIDDEN = "(key)"
LONGEST_ANSWER = 500
LONGEST_KEY = 40
OWN_PAGES = frozenset({"connect", "routes", "trials"})


@dataclass(frozen=True)
class Entered:
    """What was entered. `secrets` are those typed now, `forgotten` the names of those to be dropped."""

    name: str
    kind: str
    url: str
    speaker_id: int
    options: Mapping[str, str]
    alias_only: bool
    only_author: bool
    allow_private: bool
    enabled: bool
    at_once: int = AT_ONCE
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    forgotten: frozenset[str] = frozenset()


def kept_secrets(desk: ServiceDesk | None) -> dict[str, str]:
    """The keys of a desk in the clear, for nobody's eyes; none where they cannot be opened any more."""
    try:
        return unseal(desk.sealed) if desk is not None else {}
    except UnsealError:
        return {}


def origin(url: str) -> tuple[str, str]:
    """Which server an address leads to."""
    parts = urlsplit(url.strip())
    return parts.scheme.lower(), parts.netloc.lower()


def secrets_after(desk: ServiceDesk | None, entered: Entered) -> dict[str, str]:
    """The keys as they will be. Kept ones never go to another server than the one they were entered for."""
    kept = kept_secrets(desk) if desk is not None and origin(desk.url) == origin(entered.url) else {}
    both = kept | {name: value for name, value in entered.secrets.items() if value}
    return {name: value for name, value in both.items() if name not in entered.forgotten or entered.secrets.get(name)}


def settings_entered(desk: ServiceDesk | None, entered: Entered) -> DeskSettings:
    """The settings to try out, before anything of them is kept."""
    return DeskSettings(
        key=desk.key if desk else "",
        kind=entered.kind,
        url=entered.url,
        options=entered.options,
        secrets=secrets_after(desk, entered),
        statuses=dict(desk.statuses) if desk else {},
        allow_private=entered.allow_private,
    )


def settings_kept(desk: ServiceDesk) -> DeskSettings:
    """The settings of a desk as they are, without keys where those cannot be opened any more."""
    return DeskSettings(
        key=desk.key,
        kind=desk.kind,
        url=desk.url,
        options=dict(desk.options),
        secrets=kept_secrets(desk),
        statuses=dict(desk.statuses),
        allow_private=desk.allow_private,
    )


def enter(desk: ServiceDesk | None, entered: Entered) -> ServiceDesk:
    """Connect a desk, or change one. A changed one is asked again at once, whatever it did before."""
    sealed = seal(secrets_after(desk, entered))
    if desk is None:
        desk = ServiceDesk(key=_free_key(entered.name, entered.kind), kind=entered.kind)
        db.session.add(desk)
    elif origin(desk.url) != origin(entered.url):
        desk.cursor = ""  # another server counts its changes otherwise
    desk.name, desk.url, desk.speaker_id = entered.name, entered.url, entered.speaker_id
    desk.options, desk.sealed = dict(entered.options), sealed
    desk.alias_only, desk.only_author, desk.at_once = entered.alias_only, entered.only_author, entered.at_once
    desk.allow_private, desk.enabled = entered.allow_private, entered.enabled
    desk.failures, desk.paused_until, desk.last_error = 0, None, ""
    db.session.flush()
    return desk


def _free_key(name: str, kind: str) -> str:
    """A short word for addresses, made from the name; it never changes, for the desk pushes to it."""
    plain = "-".join(re.findall(r"[a-z0-9]+", name.lower())) or kind.replace("_", "-").replace(":", "-")
    plain = plain[: LONGEST_KEY - 4].strip("-")
    taken = set(db.session.scalars(select(ServiceDesk.key).where(ServiceDesk.key.startswith(plain, autoescape=True))))
    numbered = (f"{plain}-{number}" for number in count(2))
    return next(key for key in chain([plain], numbered) if key not in taken | OWN_PAGES)


@dataclass(frozen=True)
class Trial:
    """What came of asking a desk who we are."""

    good: bool
    text: str


def try_out(settings: DeskSettings) -> Trial:
    """Ask a desk who we are, as the connector does, and nothing else. What it answers is shown without its keys."""
    try:
        health = connecting.KINDS[settings.kind](settings).health()
    except DeskError as error:
        return Trial(False, without_keys(str(error), settings) or _("The desk gave no reason."))
    except (ValueError, LookupError, TypeError, AttributeError):
        return Trial(False, _("Something answers there, but not like a desk of this kind."))
    return Trial(True, without_keys(_welcome(health), settings))


def _welcome(health: Health) -> str:
    if not health.version:
        return _("The desk answers and knows us as %(account)s.", account=health.account)
    text = _("The desk answers and knows us as %(account)s (%(version)s).")
    return text % {"account": health.account, "version": health.version}


def without_keys(text: str, settings: DeskSettings) -> str:
    """A text of a desk, should it repeat a key."""
    for secret in filter(None, settings.secrets.values()):
        text = text.replace(secret, HIDDEN)
    return " ".join(text.split())[:LONGEST_ANSWER]


def set_statuses(desk: ServiceDesk, words: Mapping[str, str]) -> None:
    """Say what the desk's own words mean; others mean what its kind says."""
    desk.statuses = dict(words)


def set_routes(wanted: Iterable[Mapping[str, Any]]) -> None:
    """Replace all routes; of two alike the first one holds."""
    for route in db.session.scalars(select(DeskRoute)):
        db.session.delete(route)
    db.session.flush()
    for position, row in enumerate(wanted):
        db.session.add(DeskRoute(position=position, **row))
