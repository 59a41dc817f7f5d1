"""Pushes: whether the desk signed them, and which queries they speak of."""

import base64
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bridge.desks.contract import PushRefusedError

from .description import Description
from .paths import read_path
from .templates import Slot, read_template, written
from .times import ISO, NoTimeError, read_time

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]*")
NUMBER = re.compile(r"[0-9]+")


def verify(description: Description, secret: str, headers: Mapping[str, str], body: bytes) -> None:
    """Raises `PushRefusedError` unless this body was signed with the secret, not too long ago where that is told."""
    rules = description.part("push")
    if not rules or not secret:
        raise PushRefusedError("no signed pushes are set up for this desk")
    timestamp = headers.get(rules.get("timestamp_header", "").lower(), "")
    signed = _signed(rules.get("signed", "{body}"), timestamp, body)
    due = hmac.new(secret.encode(), signed, rules.get("algorithm", "sha256"))
    mark = base64.b64encode(due.digest()).decode() if rules.get("encoding") == "base64" else due.hexdigest()
    given = headers.get(rules["header"].lower(), "")
    if not hmac.compare_digest((rules.get("prefix", "") + mark).encode(), given.encode("utf-8", "replace")):
        raise PushRefusedError("the signature is wrong")
    if "window" in rules:
        _refuse_old(timestamp, timedelta(seconds=rules["window"]))


def _signed(template: str, timestamp: str, body: bytes) -> bytes:
    values = {"timestamp": timestamp.encode("utf-8", "replace"), "body": body}
    parts = read_template(template).parts
    return b"".join(values[part.name] if isinstance(part, Slot) else part.encode() for part in parts)


def _refuse_old(timestamp: str, window: timedelta) -> None:
    is_number = timestamp.strip().isdigit()
    form = ("epoch_ms" if len(timestamp.strip()) > 11 else "epoch") if is_number else ISO
    try:
        at = read_time(timestamp.strip(), form, "UTC")
    except NoTimeError as error:
        raise PushRefusedError("the push says no time") from error
    if abs(datetime.now(UTC) - at) > window:
        raise PushRefusedError("the push is too old")


def ids(description: Description, body: bytes) -> tuple[str, ...]:
    """The ids in a push, each once. Raises `PushRefusedError` where there are none."""
    try:
        found = read_path(description.part("push")["ids"]).all(json.loads(body))
    except (KeyError, ValueError) as error:
        raise PushRefusedError("the push cannot be read") from error
    form = NUMBER if description.part("push").get("numbers") else NAME
    named = tuple(dict.fromkeys(written(one) for one in found if form.fullmatch(written(one))))
    if not named:
        raise PushRefusedError("the push names no query")
    return named
