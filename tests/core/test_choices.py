"""What settings choose: cache, queue, mail over TLS, a proxy in front; and the index where it cannot be used."""

import smtplib
from typing import Any

import pytest
from flask import Flask, request

from community.core import cache, indexing, worker
from community.core.db import transaction
from community.core.email import Mail, SmtpMailer, _message
from community.core.policies import Permission, Role, declare, public
from community.core.search.documents import SearchUnusableError
from tests.conftest import MakeApp, RunJobs
from tests.factories import a_thread


@pytest.mark.databases("sqlite")  # the cache is elsewhere
def test_the_cache_is_shared_through_redis(make_app: MakeApp, redis_url: str) -> None:
    one, two = make_app(redis_url=redis_url), make_app(redis_url=redis_url)
    with one.app_context():
        cache.cache().set("key", "kept")
    with two.app_context():
        assert cache.cache().get("key") == "kept"
        assert type(worker.build(two)).__name__ == "RedisHuey"


def test_redis_without_its_package_is_said_at_the_start(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "redis", None)
    with pytest.raises(RuntimeError, match=r"isthmus\[redis\]"):
        cache.init_app(Flask("x"), "redis://localhost/0")


def test_an_index_that_cannot_be_used_is_built_again(
    app: Flask, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_thread()
    run_jobs()
    index, asked = indexing.index(), []

    def unusable() -> None:
        asked.append(1)
        raise SearchUnusableError("of another version")

    monkeypatch.setattr(index, "check", unusable)
    index.clear()
    with transaction(read_only=True):
        indexing.prepare()
    assert asked
    assert index.count() == 1
    assert indexing.waiting() == 0


def test_a_full_batch_is_followed_by_the_next(app: Flask, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "BATCH", 1)
    for _number in range(3):
        a_thread()
    run_jobs()
    assert indexing.waiting() == 0
    assert indexing.index().count() == 3


def test_a_queue_that_cannot_be_reached_costs_no_request(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise OSError("gone")

    worker._quietly(app, broken)
    assert "the worker could not be woken" in caplog.text


def test_a_worker_in_a_thread_is_stopped(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[Any] = []

    class Quiet:
        """A consumer that has nothing to do."""

        def __init__(self, threads: int) -> None:
            happened.append(threads)

        def run(self) -> None:
            happened.append("run")

        def stop(self, *, graceful: bool) -> None:
            happened.append(graceful)

    monkeypatch.setattr(worker, "build", lambda app: None)
    monkeypatch.setattr(worker, "consumer", lambda queue, *, threads: Quiet(threads))
    worker.run_in_thread(app, threads=3)()
    worker.run_forever(app, threads=2)
    assert sorted(map(str, happened)) == ["2", "3", "True", "run", "run"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("smtp://mail:25", ["noop"]),
        ("smtp://mail:587?starttls=1", ["starttls", "noop"]),
        ("smtps://ann:a%40b@mail:465", ["login ann a@b", "noop"]),
    ],
)
def test_mail_is_handed_over_as_the_address_says(url: str, said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []

    class Server:
        """A mail server that is not there."""

        def __init__(self, host: str, port: int, timeout: int) -> None:
            assert (host, port) == ("mail", int(url.partition("mail:")[2][:3].rstrip("?")))

        def __enter__(self) -> "Server":
            return self

        def __exit__(self, *why: object) -> None:
            return None

        def starttls(self, context: object) -> None:
            happened.append("starttls")

        def login(self, user: str, password: str) -> None:
            happened.append(f"login {user} {password}")

        def noop(self) -> None:
            happened.append("noop")

    monkeypatch.setattr(smtplib, "SMTP_SSL" if url.startswith("smtps") else "SMTP", Server)
    SmtpMailer(url, "isthmus@example.org").check()
    assert happened == said


def test_a_letter_keeps_the_identity_it_was_given() -> None:
    letter = Mail("ann@example.org", "Hello", "Hello", "<p>Hello</p>", {"Message-ID": "<one@example.org>"})
    assert _message(letter, "isthmus@example.org").get_all("Message-ID") == ["<one@example.org>"]


@pytest.mark.databases("sqlite")  # what stands in front does not depend on the database
def test_behind_a_proxy_the_address_is_the_visitors(make_app: MakeApp) -> None:
    app, seen = make_app(proxies=1), []

    @public
    def look() -> str:
        seen.append(request.remote_addr)
        return "x"

    app._got_first_request = False
    app.add_url_rule("/look", view_func=look)
    app.test_client().get("/look", headers={"X-Forwarded-For": "203.0.113.9"})
    assert seen == ["203.0.113.9"]


def test_a_right_is_declared_once() -> None:
    first = declare("tests.only", Role.AGENT)
    assert declare("tests.only", Role.AGENT) == first == Permission("tests.only", frozenset({Role.AGENT, Role.ADMIN}))
    with pytest.raises(ValueError, match="declared twice"):
        declare("tests.only", Role.MANAGER)


@pytest.mark.databases("sqlite")  # the same
def test_a_route_that_declares_nothing_is_not_served(make_app: MakeApp) -> None:
    app = make_app()
    app.add_url_rule("/undeclared", view_func=lambda: "secret")
    assert app.test_client().get("/undeclared").status_code == 404


def test_work_beside_the_requests_is_started_once_each(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from community.core.app import start_background

    started: list[Flask] = []
    monkeypatch.setitem(app.extensions, "isthmus.background", [started.append])
    start_background(app)
    assert started == [app]
