"""How the connectors ask a desk: one line to it, and what its answers mean in the words of the contract."""

import base64
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from bridge.desks.contract import (
    DeskBusyError,
    DeskError,
    DeskKeyError,
    DeskRefusedError,
    DeskSettings,
    DeskUnreachableError,
    NotAtDeskError,
)
from community.core.outgoing import Answer, Body, Outgoing, RefusedAddressError, UnreachableError, json_body

BRIEFLY = timedelta(seconds=1)
USUAL_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=1)
LONGEST_REASON = 500
HIDDEN = "(key)"
TOO_LARGE = "answer is larger than"

Params = Mapping[str, str] | Iterable[tuple[str, str]]


class Line:
    """Asks one desk with fixed headers. Every method raises the errors of the contract; no text of them has a key."""

    def __init__(self, settings: DeskSettings, headers: Mapping[str, str]) -> None:
        self._headers = dict(headers)
        self._hidden = [*settings.secrets.values(), headers.get("Authorization", "").partition(" ")[2]]
        try:
            self._outgoing = Outgoing(settings.url, allow_private=settings.allow_private)
        except RefusedAddressError as error:
            raise DeskRefusedError(str(error)) from error

    def ask(
        self,
        method: str,
        path: str,
        params: Params = (),
        *,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask once; a `body` goes as JSON, unless it says itself what it is."""
        sent = body if body is None or isinstance(body, Body) else json_body(body)
        try:
            answer = self._outgoing.request(
                method, path, params=params, headers={**self._headers, **(headers or {})}, body=sent
            )
        except UnreachableError as error:
            raise no_answer(method, self._shown(str(error))) from error
        except RefusedAddressError as error:
            raise DeskRefusedError(self._shown(str(error))) from error
        if not 200 <= answer.status < 300:
            raise _error(answer, f"{method} {path}: {answer.status} {self._shown(answer.text)}")
        return answer

    def json(self, method: str, path: str, params: Params = (), *, body: object = None) -> Any:
        """Ask once for JSON."""
        return self.read(self.ask(method, path, params, body=body))

    def read(self, answer: Answer) -> Any:
        """The JSON of an answer. Raises `DeskUnreachableError` where it is none: it says nothing certain."""
        try:
            return answer.json()
        except ValueError as error:
            raise DeskUnreachableError(f"no JSON came: {self._shown(answer.text)}") from error

    def _shown(self, text: str) -> str:
        for secret in filter(None, self._hidden):
            text = text.replace(secret, HIDDEN)
        return " ".join(text.split())[:LONGEST_REASON]


def basic(name: str, password: str) -> str:
    """The value of an `Authorization` header."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def no_answer(method: str, text: str) -> DeskError:
    """What it means that no whole answer came. One that is too large to be read comes just as large again."""
    return DeskRefusedError(text) if method == "GET" and TOO_LARGE in text else DeskUnreachableError(text)


def _error(answer: Answer, text: str) -> DeskError:
    status = answer.status
    if status in (429, 503):
        return DeskBusyError(text, wait_of(answer.headers))
    if status == 412:  # somebody changed it in between
        return DeskBusyError(text, BRIEFLY)
    if status == 408 or status >= 500:
        return DeskUnreachableError(text)
    kinds: dict[int, type[DeskError]] = {401: DeskKeyError, 404: NotAtDeskError, 410: NotAtDeskError}
    return kinds.get(status, DeskRefusedError)(text)


def wait_of(headers: Mapping[str, str]) -> timedelta:
    """How long the desk asks us to wait: seconds or a date, a minute where it does not say."""
    said = headers.get("retry-after", "").strip()
    try:
        asked = timedelta(seconds=float(said)) if _is_number(said) else parsedate_to_datetime(said) - datetime.now(UTC)
    except (ValueError, TypeError, OverflowError):
        return USUAL_WAIT
    return min(max(asked, timedelta(0)), LONGEST_WAIT)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
