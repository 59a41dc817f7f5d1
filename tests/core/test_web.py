"""What all pages share: packages left out, errors, health, headers, language and theme."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import lazy_gettext as _l

from community.core import web
from community.core.app import PACKAGES
from community.core.policies import Actor
from community.core.web import NavItem, safe_next
from tests.conftest import MakeApp
from tests.core.test_killing import ROOT
from tests.visit import SeparateClient, Visitor

LEFT_OUT = [(), *((name,) for name in PACKAGES[1:]), PACKAGES[1:]]
PAGES = ("/", "/threads", "/spaces", "/people", "/search?q=vpn", "/sign-in", "/join", "/help", "/about", "/promise")


SERVING = """
import sys
from pathlib import Path
from community.core.app import create_app
from community.core.db import db
from tests.conftest import settings_for
home, packages = Path(sys.argv[1]), tuple(sys.argv[2].split(","))
app = create_app(settings_for(home, f"sqlite:///{home / 'x.db'}"), packages=packages)
with app.app_context():
    db.create_all()
for path in sys.argv[3:]:
    assert app.test_client().get(path).status_code == 200, path
"""


@pytest.mark.parametrize("left_out", LEFT_OUT, ids=lambda names: "without " + (" ".join(names) or "none"))
def test_it_serves_with_any_upper_package_left_out(tmp_path: Path, left_out: tuple[str, ...]) -> None:
    packages = ",".join(name for name in PACKAGES if name not in left_out)
    command = [sys.executable, "-c", SERVING, str(tmp_path), packages, *PAGES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]


def test_it_is_alive_and_ready(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").get_json() == {"status": "ok"}
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert set(answer.get_json()) >= {"database", "queue", "index", "storage"}
    assert all(answer.get_json().values())


def test_readiness_says_which_part_fails_and_not_why(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise ConnectionError("canary: password of the database")

    monkeypatch.setitem(web.checks, "storage", fails)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["storage"] is False
    assert "canary" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/nothing", "/threads/99999", "/threads/x", "/spaces/x", "/files/x", "/a/b/c"])
def test_what_is_not_there_is_a_page(app: Flask, visitor: Visitor, path: str) -> None:
    visitor.get(path, status=404)
    assert visitor.page.heading == "We cannot find this page"


def test_a_method_that_is_not_taken(app: Flask, visitor: Visitor) -> None:
    assert visitor.client.put("/threads/1").status_code in (400, 405)
    assert visitor.client.delete("/").status_code in (400, 405)


def test_head_answers_without_a_body(app: Flask) -> None:
    answer = app.test_client().head("/")
    assert answer.status_code == 200
    assert answer.data == b""


def test_there_are_no_components_in_production(make_app: MakeApp) -> None:
    app = make_app(environment="production", secret_key="s" * 40)
    client = SeparateClient(app, app.response_class, use_cookies=True)
    assert client.get("/design").status_code == 404
    assert client.get("/", headers={"Host": "127.0.0.1"}).status_code == 400


def test_language_is_the_browsers_until_one_is_chosen(app: Flask) -> None:
    visitor = Visitor(app, language="de-DE, zh-TW;q=0.8, en;q=0.2")
    visitor.get("/")
    assert visitor.select("html")[0]["lang"] == "zh-Hant"
    visitor.get("/language/en", next="/help", status=302)
    assert visitor.location == "/help"
    visitor.get("/")
    assert visitor.select("html")[0]["lang"] == "en"
    visitor.get("/language/xx", status=404)
    visitor.get("/theme/pink", status=404)


@pytest.mark.parametrize("accepted", ["", "*", "xx", "en;q=x", "zh-Hant-TW", "zh_CN", "a" * 5000, "\u00ff"])
def test_strange_languages_do_no_harm(app: Flask, accepted: str) -> None:
    Visitor(app, language=accepted).get("/help")


@pytest.mark.parametrize("target", ["/a", "/a?b=c#d", "/威", "/a//b", "/%2f%2fx"])
def test_own_paths_are_gone_on_to(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize("target", [None, "", "a", "//a", "/\\a", "/a\\b", "/a\nb", "http:/a", "/\x7f/a\x00"])
def test_other_places_are_not(target: str | None) -> None:
    assert safe_next(target) == "/"


def test_assets_are_kept_for_a_year_under_their_version(app: Flask, visitor: Visitor) -> None:
    visitor.get("/")
    (style,) = visitor.select("link[rel=stylesheet]")
    answer = app.test_client().get(str(style["href"]))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    for path in ("/assets/x/../../pyproject.toml", "/assets/x/%2e%2e/base.html", "/assets/x/nothing.js"):
        assert app.test_client().get(path).status_code == 404


def test_an_error_page_does_not_fail_with_the_menu(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_actor: Actor) -> int:
        raise RuntimeError("the count of the menu failed")

    item = NavItem(label=_l("Home"), endpoint="pages.home", icon="home", order=0, count=broken)
    monkeypatch.setitem(web._navigation, "pages.home", item)
    monkeypatch.setattr(app, "testing", False)
    answer = app.test_client().get("/about")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
