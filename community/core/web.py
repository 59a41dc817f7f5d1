"""What every page shares: headers, errors, navigation, language and theme, health."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    jsonify,
    redirect,
    render_template,
    request,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException, SecurityError, default_exceptions
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as WsgiResponse
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from . import addresses, i18n, templating
from .forms import PageForm
from .numbers import LARGEST_NUMBER
from .paging import page_number
from .policies import Actor, Permission, actor, public
from .search.documents import SearchUnusableError
from .settings import Settings
from .slots import slot

web = Blueprint("web", __name__)
csrf = CSRFProtect()

THEMES = ("light", "dark", "auto")
YEAR = 365 * 24 * 3600
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


@dataclass(frozen=True)
class NavItem:
    """An entry of the main menu, for those with the permission; `shown` may ask for more than that."""

    label: LazyString
    endpoint: str
    icon: str
    order: int
    group: LazyString | None = None
    permission: Permission | None = None
    count: Callable[[Actor], int] | None = None
    shown: Callable[[Actor], bool] | None = None

    def is_for(self, who: Actor) -> bool:
        """Whether somebody has this entry."""
        if self.permission is not None and not who.can_somewhere(self.permission):
            return False
        return self.shown is None or self.shown(who)


@dataclass(frozen=True)
class NavLink:
    """An entry as one person sees it now."""

    label: str
    url: str
    icon: str
    group: str
    current: bool
    count: int


_navigation: dict[str, NavItem] = {}
checks: dict[str, Callable[[], None]] = {}
# What only `isthmus doctor` looks at, for it asks other people's servers: each gives its parts by name.
far_checks: list[Callable[[], dict[str, Callable[[], None]]]] = []


def add_navigation(item: NavItem) -> None:
    """Put an entry into the main menu."""
    _navigation[item.endpoint] = item


def navigation() -> list[NavLink]:
    """The main menu for whoever asks: first what is everybody's, then what comes with a role."""
    who = actor()
    items = sorted(_navigation.values(), key=lambda item: (item.group is not None, item.order))
    return [_link(item, who) for item in items if item.is_for(who)]


def _link(item: NavItem, who: Actor) -> NavLink:
    return NavLink(
        str(item.label),
        addresses.address(item.endpoint),
        item.icon,
        str(item.group or ""),
        request.endpoint == item.endpoint or g.get("section") == item.endpoint,
        item.count(who) if item.count and not g.get("without_counts") else 0,
    )


def section(endpoint: str) -> None:
    """Say which entry of the main menu the present page belongs to."""
    g.section = endpoint


class RowNumber(IntegerConverter):
    """A row's number in an address; one that no column can hold leads nowhere."""

    def __init__(self, url_map: Map, *args: int, **options: int) -> None:
        super().__init__(url_map, *args, **{"max": LARGEST_NUMBER, **options})  # type: ignore[arg-type]


def init_app(app: Flask, settings: Settings) -> None:
    """Wire headers, errors and the globals of the templates."""
    app.url_map.converters["int"] = RowNumber
    csrf.init_app(app)
    app.register_blueprint(web)
    app.before_request(_refuse_nul)
    app.after_request(_finish)
    for code in default_exceptions:
        app.register_error_handler(code, _http_error)
    app.register_error_handler(CSRFError, _http_error)
    app.register_error_handler(SearchUnusableError, _no_index)
    app.register_error_handler(Exception, _crash)
    app.jinja_env.globals.update(
        site={"name": settings.site_name, "languages": list(i18n.LANGUAGES.items()), "demo": settings.demo},
        navigation=navigation,
        slot=slot,
        public_url=public_url,
        canonical=canonical,
    )
    addresses.init_app(app)
    templating.init_app(app, theme)


def _refuse_nul() -> None:
    """No name or word of ours holds the character NUL, and PostgreSQL would stumble over it."""
    if "\x00" in request.path or b"%00" in request.query_string:
        abort(400)


def theme() -> str:
    """The theme chosen in this browser, or in the profile, or "" for the system's."""
    chosen = request.cookies.get("theme", "") or actor().theme
    return chosen if chosen in ("light", "dark") else ""


def public_url(path: str) -> str:
    """The address of a path as the outside world knows it."""
    return str(current_app.config["PUBLIC_URL"]) + path


def canonical() -> str:
    """The one address of the present page: its path, and the page's number where it is not the first."""
    number = page_number()
    return public_url(quote(request.path) + (f"?page={number}" if number > 1 else ""))


def safe_next(target: str | None) -> str:
    """A path of our own to go on to; anything that leads elsewhere becomes the home page."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(target)
    clean = not parts.scheme and not parts.netloc and "\\" not in target
    return target if clean and all(ord(letter) >= 32 for letter in target) else "/"


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    if actor().is_member and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Cookie", "Accept-Language"))
    return _packed(response)


def _packed(response: Response) -> Response:
    """Compress text on its way out; level 1, for pages are made anew each time."""
    if (
        response.direct_passthrough
        or "Content-Encoding" in response.headers
        or not (response.mimetype or "").startswith("text/")
        or request.accept_encodings["gzip"] <= 0
        or len(response.get_data()) < 1000
    ):
        return response
    response.set_data(gzip.compress(response.get_data(), 1, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def _http_error(error: HTTPException) -> tuple[str, int] | WsgiResponse | HTTPException:
    if error.response is not None or (error.code or 500) < 400:
        return error
    if isinstance(error, SecurityError):
        return error  # asked under a name that is not ours, so no address can be built
    return _error_page(error.code or 500)


def _no_index(error: SearchUnusableError) -> tuple[str, int]:
    """The index has to be built first: all else goes on meanwhile."""
    current_app.logger.error("search cannot be used: %s", error)
    return _error_page(503)


def _crash(error: Exception) -> tuple[str, int] | HTTPException:
    if isinstance(error, HTTPException):
        return error
    current_app.logger.exception("request failed", exc_info=error)
    if current_app.testing:
        raise error
    return _error_page(500)


def _error_page(code: int) -> tuple[str, int]:
    """Its menu counts nothing: what failed may be the counting, and then this page would fail as well."""
    g.without_counts = True
    return render_template("errors/error.html", code=code), code


@web.get("/language/<string:code>")
@public
def language(code: str) -> WsgiResponse:
    """Remember the language in this browser; a cookie, nothing is written on the server."""
    if code not in i18n.LANGUAGES:
        abort(404)
    return _with_cookie(i18n.LANGUAGE_COOKIE, code)


@web.get("/theme/<string:name>")
@public
def set_theme(name: str) -> WsgiResponse:
    """Remember the theme in this browser."""
    if name not in THEMES:
        abort(404)
    return _with_cookie("theme", name)


def _with_cookie(name: str, value: str) -> WsgiResponse:
    response = redirect(safe_next(request.args.get("next")))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    return response


@web.get("/healthz")
@public
def healthz() -> Response:
    """Alive: the process answers."""
    return jsonify(status="ok")


@web.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Ready: database, queue, index and storage answer. Says which part does not, never why."""
    results = {name: _works(check) for name, check in checks.items()}
    return jsonify(results), 200 if all(results.values()) else 503


def _works(check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:
        current_app.logger.exception("a part is not ready")
        return False
    return True


class SampleForm(PageForm):
    """One field of each kind, for the components page."""

    title = StringField(_l("One line"), validators=[DataRequired()])
    tried = TextAreaField(_l("Several lines"))
    where = SelectField(_l("One of many"), choices=["Workplace", "财务系统"])
    impact = RadioField(_l("One of few"), choices=["A nuisance", "Slower", "Stopped"], default="Slower")
    audience = RadioField(_l("One of some"), choices=["Everybody", "Members"], default="Everybody")
    hide = BooleanField(_l("Yes or no"))
    text = TextAreaField(_l("Your reply"))


@web.get("/design")
@public
def design() -> str:
    """The components, for whoever builds pages; not there in production."""
    if current_app.config["PRODUCTION"]:
        abort(404)
    return render_template("design.html", title=_("Components"), form=SampleForm())
