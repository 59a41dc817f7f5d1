"""Requests as a desk file describes them, and what the answers mean in the words of the contract."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from bridge.desks.connectors.asking import basic, no_answer, wait_of
from bridge.desks.connectors.files import multipart
from bridge.desks.contract import (
    DeskBusyError,
    DeskError,
    DeskKeyError,
    DeskRefusedError,
    DeskSettings,
    DeskUnreachableError,
    NotAtDeskError,
    OutgoingFile,
)
from community.core.outgoing import (
    Answer,
    Body,
    Outgoing,
    RefusedAddressError,
    UnreachableError,
    form_body,
    json_body,
)

from .description import Description
from .paths import read_condition, read_path
from .templates import NoValueError, Values, written

LONGEST_WORDS = 400
BODIES = frozenset({"json", "form", "multipart"})
HIDDEN = "(secret)"
CONFLICT_WAIT = timedelta(seconds=5)
RAW = "(raw)"  # marks a request whose answer is a file: what stands in it says nothing about the request
Request = Mapping[str, Any]
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Reply:
    """What a desk answered: the whole, and what stands in it (JSON, else its text)."""

    answer: Answer
    document: Any


class Wire:
    """Asks one desk by its description. Every method raises the errors of the contract, without secrets in them."""

    def __init__(self, description: Description, settings: DeskSettings) -> None:
        self._settings = settings
        options = {name: option.get("default", "") for name, option in description.options.items()}
        lacking = sorted(set(description.secrets) - set(settings.secrets) - {description.part("push").get("secret")})
        if lacking:
            raise DeskRefusedError(f"these secrets are not entered: {', '.join(lacking)}")
        entered = {name: value for name, value in settings.options.items() if name in options and value != ""}
        empty = sorted(name for name, value in {**options, **entered}.items() if value == "")
        if empty:
            raise DeskRefusedError(f"these options are not entered: {', '.join(empty)}")
        self.description = description.filled({**options, **entered})
        known = {f"option.{name}": value for name, value in {**options, **entered}.items()}
        address = urlsplit(settings.url)
        places = {"url": settings.url.rstrip("/"), "origin": f"{address.scheme}://{address.netloc}"}
        self.values = Values({**places, **known}, description.maps, description.escapes)
        self._secret = self.values.also(**{f"secret.{name}": value for name, value in settings.secrets.items()})
        self._session = self._shown_key = ""
        base = settings.url.rstrip("/") + description.part("desk").get("base", "")
        try:
            self._outgoing = Outgoing(base, allow_private=settings.allow_private)
        except RefusedAddressError as error:
            raise DeskRefusedError(str(error)) from error

    def steps(self, steps: list[Request], values: Values) -> tuple[Any, Values]:
        """Run requests in their order; the document of the last one, and all names taken on the way."""
        document = None
        for step in steps:
            document, values = self.step(step, values)
        return document, values

    def step(self, step: Request, values: Values) -> tuple[Any, Values]:
        """Run one request; its document, and the names with those taken from it."""
        reply = self._logged_in(step, values)
        must = step.get("must")
        if must is not None and not read_condition(must).holds(reply.document, values.known):
            raise DeskRefusedError(f"{self._named(step)}: “{must}” does not hold: {self._words(reply)}")
        taken: dict[str, Any] = {}
        for name, path in step.get("take", {}).items():
            found = read_path(path).all(reply.document)
            if not found and "[*]" not in path:
                raise DeskUnreachableError(f"{self._named(step)}: the answer has no “{path}”: {self._words(reply)}")
            taken[name] = found if "[*]" in path else found[0]
        for name, header in step.get("take_header", {}).items():
            if header.lower() not in reply.answer.headers:
                raise DeskUnreachableError(f"{self._named(step)}: the answer has no header {header}")
            taken[name] = reply.answer.headers[header.lower()]
        return reply.document, values.also(**taken)

    def ask(self, request: Request, values: Values, more: Pairs = ()) -> Reply:
        """Ask once. `more` are query parameters beside those of the request."""
        return self._logged_in(request, values, more)

    def _logged_in(self, request: Request, values: Values, more: Pairs = ()) -> Reply:
        """A session that has ended is begun anew, once: a refused key did nothing."""
        if self.description.part("auth")["kind"] != "login":
            return self._ask(request, values, self._headers(values), more)
        fresh = not self._session
        if fresh:
            self._log_in()
        try:
            return self._ask(request, values, self._headers(values), more)
        except DeskKeyError:
            if fresh:
                raise
        self._log_in()
        return self._ask(request, values, self._headers(values), more)

    def _log_in(self) -> None:
        self._session = ""
        login = self.description.part("auth.login")
        reply = self._ask(login, self._secret, self._fixed(), ())
        for kind in ("take", "take_header"):
            if "session" in login.get(kind, {}):
                place, headers = login[kind]["session"], reply.answer.headers
                found = read_path(place).one(reply.document) if kind == "take" else headers.get(place.lower())
                self._session = written(found)
        if not self._session:
            raise DeskKeyError(f"the log-in gave no session: {self._words(reply)}")

    def _fixed(self) -> dict[str, str]:
        return {name: self._secret.text(value) for name, value in self.description.part("headers").items()}

    def _headers(self, values: Values) -> dict[str, str]:
        auth, secret = self.description.part("auth"), self._secret.also(session=self._session)
        headers = self._fixed()
        if auth["kind"] == "basic":
            headers["Authorization"] = basic(secret.text(auth["user"]), secret.text(auth["password"]))
            self._shown_key = headers["Authorization"].partition(" ")[2]
        elif "header" in auth:
            headers[auth["header"]] = secret.text(auth["value"])
        return headers

    def _ask(self, request: Request, values: Values, headers: dict[str, str], more: Pairs) -> Reply:
        given = values.also(session=self._session)
        try:
            path = given.way(request["path"])
            query = [*_pairs(given.deep(request.get("query", {}))), *more]
            own = {name: given.text(value) for name, value in request.get("headers", {}).items()}
            body = _body(request, given)
        except NoValueError as error:
            raise DeskRefusedError(f"{self._named(request)}: {error}") from error
        try:
            answer = self._outgoing.request(_method(request), path, params=query, headers={**headers, **own}, body=body)
        except UnreachableError as error:
            raise no_answer(_method(request), self.hide(f"{self._named(request)}: {error}")) from error
        except RefusedAddressError as error:
            raise DeskRefusedError(self.hide(f"{self._named(request)}: {error}")) from error
        return self._judged(request, answer, given)

    def _judged(self, request: Request, answer: Answer, values: Values) -> Reply:
        reply = Reply(answer, _document(answer))
        rules = self.description.part("answers")
        text = f"{self._named(request)}: {answer.status} {self._words_of(answer)}"
        error = self._by_code(answer, rules, text)
        if error is None and not request.get(RAW):
            error = self._by_content(reply, rules, text, values)
        if error is not None:
            raise error
        return reply

    def _by_code(self, answer: Answer, rules: Mapping[str, Any], text: str) -> DeskError | None:
        status = answer.status
        if status in rules.get("key", (401,)):
            return DeskKeyError(text)
        if status in rules.get("missing", (404, 410)):
            return NotAtDeskError(text)
        if status in rules.get("busy", (429,)):
            return DeskBusyError(text, self._wait(answer))
        if status in rules.get("conflict", (412,)):
            return DeskBusyError(text, CONFLICT_WAIT)
        if 300 <= status < 400:
            where = answer.headers.get("location", "elsewhere")
            return DeskRefusedError(f"{text} (the desk sent us to {self.hide(where)}: enter the address it answers at)")
        if status == 408 or status >= 500:
            return DeskUnreachableError(text)
        return None if 200 <= status < 300 else DeskRefusedError(text)

    def _by_content(self, reply: Reply, rules: Mapping[str, Any], text: str, values: Values) -> DeskError | None:
        """Errors that come with a code of success."""
        for key, error in (("key_when", DeskKeyError), ("missing_when", NotAtDeskError)):
            if key in rules and read_condition(rules[key]).holds(reply.document, values.known):
                return error(text)
        if "busy_when" in rules and read_condition(rules["busy_when"]).holds(reply.document, values.known):
            return DeskBusyError(text, self._wait(reply.answer))
        if "must" in rules and not read_condition(rules["must"]).holds(reply.document, values.known):
            return DeskRefusedError(text)
        return None

    def _wait(self, answer: Answer) -> timedelta:
        rules = self.description.part("answers")
        said = answer.headers.get(rules.get("wait_header", "Retry-After").lower())
        return timedelta(seconds=rules.get("wait", 60)) if said is None else wait_of({"retry-after": said})

    def _words(self, reply: Reply) -> str:
        return self._words_of(reply.answer)

    def _words_of(self, answer: Answer) -> str:
        """The desk's own words where the file says where they stand, else the whole answer, cut."""
        path = self.description.path("answers", "error")
        found = path.all(_document(answer)) if path else []
        text = "; ".join(written(one) if isinstance(one, str | int) else json.dumps(one) for one in found if one)
        return self.hide(" ".join((text or answer.text).split()))[:LONGEST_WORDS]

    def hide(self, text: str) -> str:
        """A text without secrets, for people and logs."""
        for secret in filter(None, (*self._settings.secrets.values(), self._session, self._shown_key)):
            text = text.replace(secret, HIDDEN)
        return text

    def _named(self, request: Request) -> str:
        return f"{_method(request)} {request['path']}"


def _method(request: Request) -> str:
    return str(request.get("method", "POST" if BODIES & request.keys() else "GET"))


def _pairs(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A list gives its parameter once for each entry."""
    return [
        (name, written(one)) for name, value in query.items() for one in (value if isinstance(value, list) else [value])
    ]


def _body(request: Request, values: Values) -> Body | None:
    if "json" in request:
        return json_body(values.deep(request["json"]))
    if "multipart" in request:
        filled = values.deep(request["multipart"])
        return multipart((name, one) for name, value in filled.items() for one in _parts(value))
    if "form" in request:
        filled = values.deep(request["form"])
        return form_body(
            {name: value if isinstance(value, str) else json.dumps(value) for name, value in filled.items()}
        )
    return None


def _parts(value: Any) -> list[str | OutgoingFile]:
    """Files as they are, all else as text; a list gives its field once for each entry."""
    several = value if isinstance(value, list) else [value]
    return [one if isinstance(one, OutgoingFile) else written(one) for one in several]


def _document(answer: Answer) -> Any:
    try:
        return answer.json()
    except ValueError:
        return answer.text


def desk_time(answer: Answer) -> Any:
    """The desk's own clock, from its answer, or None."""
    try:
        return parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return None
