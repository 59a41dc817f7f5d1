"""A visitor: follows links, fills in forms, and reviews every page that comes back."""

import contextvars
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from community.core.db import db
from tests.review import faults_of_headers, faults_of_page, words

Data = Mapping[str, Any]
TOKEN = re.compile(r'name="csrf[_-]token" (?:value|content)="([^"]+)"')
NOT_SENT = {"submit", "button", "reset", "image", "file"}


def save() -> None:
    """Commit what the test itself has changed, so that requests and jobs see it and no lock is held."""
    if has_app_context():
        db.session.commit()


class SeparateClient(FlaskClient):
    """A client whose requests share no context, and so no session and no `g`, with the test's own body."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        """Send a request after saving what the test has done."""
        save()
        return contextvars.Context().run(super().open, *args, **kwargs)


class Page:
    """One answer of the application."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status: int = response.status_code
        self.path: str = response.request.path
        self.html: str = response.get_data(as_text=True) if (response.mimetype or "").startswith("text/") else ""

    @property
    def is_html(self) -> bool:
        """Whether this is a page for people."""
        return self.response.mimetype == "text/html"

    @property
    def is_whole(self) -> bool:
        """Whether this is a whole document and not a fragment for a script, nor a redirect's stub."""
        return self.is_html and not 300 <= self.status < 400 and "<html" in self.html[:500].lower()

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The parsed page."""
        return BeautifulSoup(self.html, "lxml")

    @property
    def text(self) -> str:
        """What the page says, with single spaces, without scripts and templates."""
        body = BeautifulSoup(self.html, "lxml")
        for silent in body(["script", "style", "template", "head"]):
            silent.decompose()
        return words(body)

    @property
    def heading(self) -> str:
        """The text of the h1."""
        return words(self.soup.find("h1") or self.soup)

    @property
    def csrf_token(self) -> str:
        """The token that this page carries, in a form or in its head; empty when it has none."""
        found = TOKEN.search(self.html)
        return found[1] if found else ""

    def review(self) -> None:
        """Fail with everything that is wrong with this answer."""
        faults = list(faults_of_headers(self.response.headers))
        if self.is_html and "charset=utf-8" not in self.response.headers.get("Content-Type", "").lower():
            faults.append("the content type names no charset")
        if self.is_whole:
            faults += faults_of_page(self.html)
        assert not faults, f"{self.path} ({self.status}):\n  " + "\n  ".join(dict.fromkeys(faults))


class Visitor:
    """Somebody with a browser. Remembers cookies and the page that is open.

    Pages are not reviewed where `app.extensions["tests.reviewed_elsewhere"]` says that others see the same ones.
    """

    def __init__(self, app: Flask, *, language: str = "en") -> None:
        self._reviews = not app.extensions.get("tests.reviewed_elsewhere", False)
        self.client = SeparateClient(app, app.response_class, use_cookies=True)
        self.headers = {"Accept-Language": language}
        self._page: Page | None = None

    @property
    def page(self) -> Page:
        """The page that is open. Fails before the first visit."""
        assert self._page is not None, "no page has been visited yet"
        return self._page

    @property
    def status(self) -> int:
        """Status code of the last answer."""
        return self.page.status

    @property
    def text(self) -> str:
        """What the open page says."""
        return self.page.text

    @property
    def html(self) -> str:
        """Source of the open page."""
        return self.page.html

    @property
    def json(self) -> object:
        """The last answer, read as JSON."""
        return self.page.response.get_json()

    @property
    def location(self) -> str:
        """Path and query that the last answer leads on to; empty without a redirect."""
        target = urlsplit(self.page.response.headers.get("Location", ""))
        return target.path + (f"?{target.query}" if target.query else "")

    def select(self, css: str) -> list[Tag]:
        """Elements of the open page by CSS selector."""
        return list(self.page.soup.select(css))

    def links(self, css: str = "a[href]") -> list[str]:
        """Addresses that the open page links to."""
        return [str(link["href"]) for link in self.select(css)]

    def get(self, path: str, *, status: int = 200, headers: Data | None = None, **query: object) -> Page:
        """Open a page. Fails unless it answers with `status`."""
        return self._send("GET", path, status, query_string=query or None, headers=headers)

    def pass_through(self, method: str, path: str, **options: object) -> Page:
        """Send a request whose answer is not reviewed: for pages that nearly every test goes by, and one looks at."""
        return self._send(method, path, None, reviewed=False, **options)

    def post(
        self,
        path: str,
        data: Data | None = None,
        *,
        status: int | None = None,
        follow: bool = False,
        **options: object,
    ) -> Page:
        """Send a form to a path, with the token of the open page (any page of ours, where none is open)."""
        sent = {"csrf_token": self._token()} | dict(data or {})
        page = self._send("POST", path, status, data=sent, **options)
        return self.follow() if follow and 300 <= page.status < 400 else page

    def put(self, path: str, *, status: int | None = None, **options: object) -> Page:
        """Send a PUT as a script of ours would."""
        return self._send("PUT", path, status, headers=self._script_headers(), **options)

    def delete(self, path: str, *, status: int | None = None, **options: object) -> Page:
        """Send a DELETE as a script of ours would."""
        return self._send("DELETE", path, status, headers=self._script_headers(), **options)

    def follow(self, *, status: int = 200) -> Page:
        """Go where the last answer leads on to, through further redirects too."""
        assert self.location, f"{self.page.path} answered {self.status} and leads nowhere"
        for _hop in range(5):
            page = self._send("GET", self.location, None)
            if not self.location:
                break
        assert page.status == status, f"{page.path} answered {page.status}, not {status}"
        return page

    def submit(
        self,
        form: str,
        *,
        button: str | None = None,
        follow: bool = True,
        status: int | None = None,
        **fields: object,
    ) -> Page:
        """Fill in and send a form of the open page.

        `form` is a CSS selector or the form's action; `button` the name or the words of the button to press.
        """
        found = self.form(form)
        pressed = _button(found, button)
        data = filled(found, fields) | _value_of(pressed)
        action = str((pressed and pressed.get("formaction")) or found.get("action") or self._here())
        path = urljoin(self._here(), action)
        if str(found.get("method", "get")).lower() != "post":
            return self._send("GET", path, status or 200, query_string=data)
        page = self._send("POST", path, status, data=data)
        return self.follow() if follow and 300 <= page.status < 400 else page

    def form(self, form: str) -> Tag:
        """A form of the open page by its action or by CSS selector. Fails with the forms that are there."""
        forms = self.select("form")
        by_action = [tag for tag in forms if urljoin(self._here(), str(tag.get("action") or self._here())) == form]
        by_selector = [] if form.startswith("/") else [tag for tag in self.select(form) if tag.name == "form"]
        found = by_selector or by_action
        there = [f"form#{tag.get('id', '')} action={tag.get('action')}" for tag in forms]
        assert found, f"{self.page.path} has no form {form!r}; it has {there}"
        return found[0]

    def _here(self) -> str:
        request = self.page.response.request
        query = request.query_string.decode()
        return request.path + (f"?{query}" if query else "")

    def _token(self) -> str:
        if self._page is None or not self.page.csrf_token:
            self.get("/design" if "web.design" in self.client.application.view_functions else "/")
        return self.page.csrf_token

    def _script_headers(self) -> dict[str, str]:
        return {"X-CSRFToken": self._token(), "X-Requested-With": "fetch"}

    def _send(
        self,
        method: str,
        path: str,
        status: int | None,
        headers: Data | None = None,
        *,
        reviewed: bool = True,
        **options: object,
    ) -> Page:
        sent = self.headers | dict(headers or {})
        page = Page(self.client.open(path, method=method, headers=sent, **options))
        expected = page.status < 400 if status is None else page.status == status
        assert expected, f"{method} {path} answered {page.status}, not {status or '2xx or 3xx'}:\n{page.text[:1500]}"
        if reviewed and self._reviews:
            page.review()
        self._page = page
        return page


def filled(form: Tag, fields: Data) -> dict[str, Any]:
    """What a browser would send: the form's own values under the given ones. Fails for fields it has not."""
    controls = form.select("input[name], select[name], textarea[name]")
    known = {str(control["name"]) for control in controls if not control.has_attr("disabled")}
    unknown = set(fields) - known
    assert not unknown, f"the form has no field {sorted(unknown)}; it has {sorted(known)}"
    data: dict[str, Any] = {}
    for control in controls:
        for value in _default(control):
            data.setdefault(str(control["name"]), []).append(value)
    for name, value in fields.items():
        data[name] = _given(form.select(f'[name="{name}"]'), name, value)
    return {name: value[0] if len(value) == 1 else value for name, value in data.items() if value}


def _default(control: Tag) -> list[str]:
    if control.has_attr("disabled"):
        return []
    if control.name == "textarea":
        return [control.get_text().removeprefix("\n")]
    if control.name == "select":
        return _chosen(control)
    kind = str(control.get("type", "text")).lower()
    if kind in NOT_SENT or (kind in ("checkbox", "radio") and not control.has_attr("checked")):
        return []
    return [str(control.get("value", "on" if kind in ("checkbox", "radio") else ""))]


def _chosen(select: Tag) -> list[str]:
    options = select.find_all("option")
    chosen = [option for option in options if option.has_attr("selected")]
    if not chosen and not select.has_attr("multiple"):
        chosen = options[:1]
    return [_option_value(option) for option in chosen]


def _option_value(option: Tag) -> str:
    return str(option["value"]) if option.has_attr("value") else words(option)


def _given(controls: Sequence[Tag], name: str, value: object) -> list[Any]:
    """A field's new values, checked against what the form offers."""
    kinds = {str(control.get("type", control.name)).lower() for control in controls}
    if kinds == {"checkbox"} and isinstance(value, bool):
        return [str(controls[0].get("value", "on"))] if value else []
    many = isinstance(value, list | set)
    if "file" in kinds:
        return list(value) if many else [value]
    values = [str(one) for one in value] if many else [str(value)]
    offered = _offered(controls)
    wrong = [one for one in values if offered and one not in offered]
    assert not wrong, f"field {name!r} does not offer {wrong}; it offers {sorted(offered)}"
    return values


def _offered(controls: Sequence[Tag]) -> set[str]:
    options = {_option_value(option) for control in controls for option in control.find_all("option")}
    boxes = [c for c in controls if str(c.get("type", "")).lower() in ("checkbox", "radio")]
    return options | {str(box.get("value", "on")) for box in boxes}


def _button(form: Tag, wanted: str | None) -> Tag | None:
    buttons = [
        tag
        for tag in form.select("button, input[type=submit]")
        if str(tag.get("type", "submit")).lower() == "submit" and not tag.has_attr("disabled")
    ]
    if wanted is None:
        return buttons[0] if buttons else None
    for tag in buttons:
        if wanted in (tag.get("name"), tag.get("value"), tag.get("id"), words(tag)):
            return tag
    raise AssertionError(f"the form has no button {wanted!r}; it has {[words(tag) for tag in buttons]}")


def _value_of(button: Tag | None) -> dict[str, str]:
    if button is None or not button.get("name"):
        return {}
    return {str(button["name"]): str(button.get("value", ""))}
