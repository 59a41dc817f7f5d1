"""News to browsers: a real push service on this machine, which decrypts what comes as the browser would."""

import base64
import dataclasses
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import pytest
import time_machine
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from py_vapid import Vapid02
from sqlalchemy import select

from community.accounts.suspending import suspend
from community.core.db import db
from community.core.jobs import Delivery
from community.core.settings import Settings, SettingsError, settings_from_environment
from community.forum import operations as forum
from community.forum.models import Thread
from community.notifications.models import Notification
from community.notifications.planning import row_of
from community.notifications.pushing import sending
from community.notifications.pushing.cli import push_group
from community.notifications.pushing.models import PushSubscription
from tests.community.moderation.gates.test_at_once import at_once
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

SUNDAY_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Handler(BaseHTTPRequestHandler):
    """Keeps what comes, and answers as it was told."""

    service: "Service"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.service.came.append((self.path, dict(self.headers), body))
        self.send_response(self.service.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@dataclass
class Service:
    """A push service with the keys of the one browser that it serves."""

    url: str = ""
    status: int = 201
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    def subscription(self, name: str = "ann") -> dict[str, str]:
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": f"{self.url}/{name}", "p256dh": text(point), "auth": text(self.auth)}

    def told(self) -> list[dict[str, Any]]:
        """What the browser read, once."""
        bodies = [body for _path, _headers, body in self.came]
        self.came.clear()
        return [json.loads(http_ece.decrypt(body, private_key=self.private, auth_secret=self.auth)) for body in bodies]


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    listening = ThreadingHTTPServer(("127.0.0.1", 0), type("Told", (Handler,), {"service": made}))
    made.url = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield made
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def keys() -> dict[str, str]:
    """What `isthmus push keys` prints."""
    printed = CliRunner().invoke(push_group, ["keys"]).output
    return dict(line.split("=", 1) for line in printed.splitlines())


@pytest.fixture
def pushing(app: Flask, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The application has keys while a test runs."""
    settings: Settings = app.extensions["isthmus.settings"]
    made = settings_from_environment({"ISTHMUS_HOME": str(settings.home), **keys})
    own = {"push_private_key": made.push_private_key, "push_public_key": made.push_public_key}
    changed = dataclasses.replace(settings, mail_from="Isthmus <community@forum.example>", **own)
    monkeypatch.setitem(app.extensions, "isthmus.settings", changed)
    return keys


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(SUNDAY_NOON, tick=False) as traveller:
        yield traveller


@dataclass
class World:
    """A thread of Ann's, and her browser."""

    ann: Visitor
    thread: Thread
    ann_id: int

    def reply(self) -> None:
        a_reply(self.thread, a_member(f"bob{self.thread.reply_count}", name="Bob Lind"), body="The secret is 1234")


@pytest.fixture
def world(app: Flask, pushing: dict[str, str], service: Service, login_as: LoginAs, run_jobs: RunJobs) -> World:
    member = a_member("ann")
    thread = a_thread(a_space("workplace"), member, title="The printer is silent")
    run_jobs()
    ann = login_as("ann")
    ann.post("/notifications/push", service.subscription())
    return World(ann, thread, member.id)


def rows() -> list[PushSubscription]:
    db.session.expire_all()
    return list(db.session.scalars(select(PushSubscription)))


def test_a_browser_is_told_what_everybody_may_read_and_nothing_of_the_text(
    world: World, pushing: dict[str, str], service: Service, run_jobs: RunJobs
) -> None:
    world.reply()
    run_jobs()
    ((path, headers, body),) = service.came
    assert path == "/ann"
    assert headers["Content-Encoding"] == "aes128gcm"
    assert int(headers["TTL"]) > 0
    assert headers["Authorization"].endswith(f",k={pushing['ISTHMUS_PUSH_PUBLIC_KEY']}")
    assert Vapid02.verify(headers["Authorization"])
    assert b"printer" not in body
    (told,) = service.told()
    assert told == {
        "title": "A reply in a thread you follow",
        "body": "The printer is silent",
        "url": f"/threads/{world.thread.id}#post-{world.thread.posts[1].id}",
        "tag": f"thread-{world.thread.id}",
    }
    (row,) = rows()
    assert row.last_ok_at is not None
    assert service.subscription()["auth"] not in row.keys


def test_a_title_that_not_everybody_may_read_stays_on_the_page(
    world: World, service: Service, run_jobs: RunJobs
) -> None:
    forum.restrict(world.thread, by_id=None)
    a_reply(world.thread, a_member("sue", role="agent"))
    run_jobs()
    (told,) = service.told()
    assert told["body"] == ""
    assert "printer" not in json.dumps(told)


def test_what_may_no_longer_be_read_or_was_read_is_not_sent(
    world: World, service: Service, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.status = 503
    world.reply()
    run_jobs(failing=True)
    assert len(service.came) == 1
    service.came.clear()
    service.status = 201
    forum.hide_post(world.thread.posts[0], by_id=world.ann_id, reason="A mistake")
    for delivery in db.session.scalars(select(Delivery).where(Delivery.handler.endswith("send_push"))):
        delivery.run_at = delivery.run_at - timedelta(hours=2)
    run_jobs()
    assert service.came == []


def test_what_was_not_taken_is_tried_again(world: World, service: Service, run_jobs: RunJobs) -> None:
    service.status = 503
    world.reply()
    run_jobs(failing=True)
    assert rows()[0].failures == 1
    service.status = 201
    service.came.clear()
    for delivery in db.session.scalars(select(Delivery).where(Delivery.state == "due")):
        delivery.run_at = delivery.run_at - timedelta(hours=2)
    run_jobs()
    assert len(service.told()) == 1
    assert rows()[0].failures == 0
    world.reply()
    service.status = 302
    run_jobs(failing=True)
    assert [path for path, _headers, _body in service.came] == ["/ann"]  # no redirect is followed


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_told_no_more(world: World, service: Service, run_jobs: RunJobs, status: int) -> None:
    service.status = status
    world.reply()
    run_jobs()
    assert rows() == []
    world.reply()
    run_jobs()
    assert len(service.came) == 1


def test_a_browser_that_is_never_reached_is_given_up(world: World, service: Service, run_jobs: RunJobs) -> None:
    rows()[0].failures = sending.MOST_FAILURES - 1
    service.status = 500
    world.reply()
    run_jobs(failing=True)
    assert rows() == []


def test_a_service_that_cannot_be_reached_counts_as_a_failure(
    world: World, service: Service, run_jobs: RunJobs
) -> None:
    rows()[0].endpoint = "http://127.0.0.1:9/ann"
    world.reply()
    run_jobs(failing=True)
    assert rows()[0].failures == 1


def test_a_service_in_a_private_network_is_not_asked(
    app: Flask, world: World, service: Service, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = dataclasses.replace(app.extensions["isthmus.settings"], testing=False)
    monkeypatch.setitem(app.extensions, "isthmus.settings", settings)
    rows()[0].endpoint = f"https://127.0.0.1:{service.url.rpartition(':')[2]}/ann"
    world.reply()
    run_jobs()
    assert service.came == []
    assert rows() == []
    world.ann.post("/notifications/push", service.subscription(), status=422)  # not over https


def test_quiet_hours_absence_and_the_day_s_number_hold(
    clock: time_machine.Traveller, world: World, service: Service, run_jobs: RunJobs
) -> None:
    row = row_of(world.ann_id)
    row.quiet_from, row.quiet_until = 11, 14
    world.reply()
    run_jobs()
    assert service.came == []
    clock.move_to(SUNDAY_NOON + timedelta(hours=2, minutes=1))
    run_jobs()
    assert len(service.told()) == 1
    row = row_of(world.ann_id)
    row.most_a_day = 1
    world.reply()
    run_jobs()
    assert service.came == []
    clock.move_to(SUNDAY_NOON + timedelta(days=1, hours=3))
    row_of(world.ann_id).away_until = SUNDAY_NOON + timedelta(days=3)
    world.reply()
    run_jobs()
    assert service.came == []


def test_quiet_hours_hold_for_what_is_tried_again(
    clock: time_machine.Traveller, world: World, service: Service, run_jobs: RunJobs
) -> None:
    service.status = 503
    world.reply()
    run_jobs(failing=True)
    service.came.clear()
    service.status = 201
    row = row_of(world.ann_id)
    row.quiet_from, row.quiet_until = 12, 14
    clock.move_to(SUNDAY_NOON + timedelta(minutes=5))
    run_jobs()
    assert service.came == []
    clock.move_to(SUNDAY_NOON + timedelta(hours=2))
    run_jobs()
    assert len(service.told()) == 1


def test_signing_out_or_a_suspension_ends_it(
    app: Flask, world: World, service: Service, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    other = login_as("ann")
    other.post("/notifications/push", service.subscription("other"))
    assert len(rows()) == 2
    world.ann.post("/sign-out")
    assert [row.endpoint.rpartition("/")[2] for row in rows()] == ["other"]
    world.reply()
    run_jobs()
    assert [path for path, _headers, _body in service.came] == ["/other"]
    suspend(world.thread.author, by_id=None)
    db.session.commit()
    assert rows() == []


def test_people_choose_per_kind_and_end_single_browsers(
    world: World, service: Service, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    (row,) = rows()
    a_member("eve")
    login_as("eve").post(f"/notifications/push/{row.id}/removal", status=404)
    ann = world.ann
    ann.get("/notifications/preferences")
    assert "This browser" in ann.text
    ann.submit("#kinds", **{"reply-push": False, "reply-here": False, "reply-mail": False})
    world.reply()
    run_jobs()
    assert service.came == []
    ann.get("/notifications/preferences")
    ann.submit("#kinds", **{"reply-push": True})
    world.reply()
    run_jobs()
    assert len(service.told()) == 1  # though it is neither in the inbox nor mailed
    replies = db.session.scalars(select(Notification.listed).where(Notification.member_id == world.ann_id)).all()
    assert replies == [False]
    ann.get("/notifications/preferences")
    ann.submit(f"/notifications/push/{row.id}/removal")
    assert rows() == []


def test_the_same_browser_has_one_subscription(world: World, service: Service, login_as: LoginAs) -> None:
    world.ann.post("/notifications/push", service.subscription("again"))
    assert [row.endpoint.rpartition("/")[2] for row in rows()] == ["again"]
    bob = a_member("bob")
    login_as("bob").post("/notifications/push", service.subscription("again"))
    assert [row.member_id for row in rows()] == [bob.id]


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "ftp://push.example/x"},
        {"endpoint": "https://push.example/" + "x" * 600},
        {"p256dh": "AAAA"},
        {"auth": "AAAA"},
        {"auth": ""},
        {"p256dh": "\u00e9"},
    ],
)
def test_what_is_no_subscription_is_refused(world: World, service: Service, wrong: dict[str, str]) -> None:
    world.ann.post("/notifications/push", {**service.subscription("new"), **wrong}, status=422)
    assert [row.endpoint.rpartition("/")[2] for row in rows()] == ["ann"]


def test_keys_under_another_secret_end_it(world: World, service: Service, run_jobs: RunJobs) -> None:
    rows()[0].keys = "gAAAAA" + "x" * 90
    world.reply()
    run_jobs()
    assert rows() == []


def test_the_worker_has_the_root_s_address(world: World, visitor: Visitor, service: Service) -> None:
    answer = world.ann.client.get("/push-worker.js")
    assert answer.mimetype == "text/javascript"
    assert b"showNotification" in answer.data
    assert answer.headers["Cache-Control"] == "no-cache"


def test_without_keys_nothing_is_offered(app: Flask, login_as: LoginAs, service: Service) -> None:
    a_member("ann")
    ann = login_as("ann")
    ann.get("/notifications/preferences")
    assert "browser" not in ann.text
    ann.post("/notifications/push", service.subscription(), status=404)
    ann.get("/push-worker.js", status=404)


def test_one_key_alone_is_refused(keys: dict[str, str], tmp_path: object) -> None:
    for name in keys:
        with pytest.raises(SettingsError, match="go together"):
            settings_from_environment({"ISTHMUS_HOME": str(tmp_path), name: keys[name]})


def test_two_tabs_that_ask_at_once_are_one_browser(app: Flask, world: World, service: Service) -> None:
    asked = [(world.ann, "/notifications/push", service.subscription("again"))] * 4
    assert max(at_once(app, asked)) < 400
    assert [row.endpoint.rpartition("/")[2] for row in rows()] == ["again"]
