"""The application: packages are loaded by name, so the forum serves with any of the upper three left out."""

import importlib
import logging
from datetime import timedelta
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, g, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from jinja2 import StrictUndefined
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from . import assets, cache, db, email, events, i18n, indexing, jobs, policies, web
from .assets import resources
from .compiling import PageEnvironment
from .settings import Settings
from .storage import storage_from_url

PACKAGES = ("community", "knowledge", "gamification", "bridge")
READS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_LIMIT = 1024 * 1024
SHORTEST_FILLING = 3
AGAIN = "isthmus.again"

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)
login_manager = LoginManager()


class FormRequest(Request):
    """A request whose forms hold no NUL: nobody can type the character, and PostgreSQL refuses it in a text."""

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        if any("\0" in value for _name, value in self.form.items(multi=True)):
            fields = [(name, value.replace("\0", "")) for name, value in self.form.items(multi=True)]
            self.__dict__["form"] = self.parameter_storage_class(fields)


def _worth_another_try(error: Exception) -> bool:
    """Whether a form met a name that somebody took in the same moment, and was not handled again already."""
    taken = isinstance(error, IntegrityError) and db.is_taken(error)
    return taken and bool(request.form) and AGAIN not in request.environ


def _begin_again(kept: dict[str, Any]) -> None:
    """Forget what the first try of this request found and said; what was sent is read once more from its start."""
    request.environ[AGAIN] = True
    for name in list(g):
        g.pop(name)
    session.clear()
    session.update(kept)
    for _field, file in request.files.items(multi=True):
        file.stream.seek(0)


class Isthmus(Flask):
    """Flask with one transaction per request: an answer commits, a refusal rolls back, reading writes nothing.

    Of two forms that take the same name in the same moment the second meets the database's unique key. It is handled
    once more from the start: now it sees the first, so that its own check of the name says so beside the field.
    """

    request_class = FormRequest
    jinja_environment = PageEnvironment

    def full_dispatch_request(self) -> Response:  # type: ignore[override]
        """Run everything that belongs to the request inside the one transaction."""
        if request.endpoint == "assets.serve":
            return super().full_dispatch_request()
        kept = {} if request.method in READS else dict(session)
        try:
            return self._in_transaction()
        except IntegrityError as error:
            if not _worth_another_try(error):
                raise
        _begin_again(kept)
        return self._in_transaction()

    def _in_transaction(self) -> Response:
        with db.transaction(read_only=request.method in READS):
            response = super().full_dispatch_request()
            if response.status_code >= 400:
                db.undo_refused()
            return response

    def handle_user_exception(self, e: Exception) -> object:  # type: ignore[override]
        """What raised leaves no trace in the database, before its error page is made."""
        db.undo()
        if _worth_another_try(e):
            raise e
        return super().handle_user_exception(e)


def create_app(settings: Settings, *, packages: tuple[str, ...] = PACKAGES) -> Flask:
    """Compose the application from its settings. `packages` may leave out upper ones."""
    settings.home.mkdir(parents=True, exist_ok=True)
    app = Isthmus("isthmus", template_folder=str(resources("templates")), static_folder=None)
    _configure(app, settings)
    db.init_app(app, settings.database_url)
    app.extensions["isthmus.deliver"] = events.deliver
    app.extensions["isthmus.background"] = []
    app.extensions["isthmus.settings"] = settings
    app.extensions["isthmus.storage"] = storage_from_url(settings.storage_url, settings.home / "files")
    cache.init_app(app, settings.redis_url)
    i18n.set_default_zone(settings.default_time_zone)
    i18n.init_app(app)
    email.init_app(app, settings)
    login_manager.init_app(app)
    assets.init_app(app)
    limiter.init_app(app)
    policies.init_app(app)
    web.init_app(app, settings)
    indexing.init_app(app, settings)
    for name in packages:
        _load(name).init_app(app)
    _add_checks(app)
    return app


def start_background(app: Flask) -> None:
    """Start what runs beside the requests of a serving process, such as counting views."""
    for start in app.extensions["isthmus.background"]:
        start(app)


def _load(name: str) -> ModuleType:
    return importlib.import_module(f"{name}.setup")


def _configure(app: Flask, settings: Settings) -> None:
    host = urlsplit(settings.public_url).hostname or "localhost"
    app.config.update(
        SECRET_KEY=settings.secret_key,
        PUBLIC_URL=settings.public_url,
        PRODUCTION=settings.production,
        TESTING=settings.testing,
        NEW_TAGS=settings.new_tags,
        MAX_CONTENT_LENGTH=settings.upload_limit + FORM_LIMIT,
        MAX_FORM_MEMORY_SIZE=FORM_LIMIT,
        SESSION_COOKIE_NAME="__Host-isthmus" if settings.secure_cookies else "isthmus",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_TIMEZONE=settings.default_time_zone,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_ENABLED=not settings.testing,
        # Seconds; programs that test pages fill forms faster than people do.
        SHORTEST_FILLING=0 if settings.testing else SHORTEST_FILLING,
        TRUSTED_HOSTS=[host, "localhost", "127.0.0.1"] if not settings.production else [host],
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    logging.getLogger("jieba").setLevel(logging.WARNING)


def _add_checks(app: Flask) -> None:
    web.checks.update(
        database=_check_database,
        queue=_check_queue,
        index=lambda: indexing.index().check(),
        storage=lambda: app.extensions["isthmus.storage"].check(),
    )


def _check_database() -> None:
    db.db.session.execute(text("SELECT 1"))


def _check_queue() -> None:
    jobs.backlog()
