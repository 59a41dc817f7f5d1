"""Desks that an operator described in a file of their own."""

import logging

import pytest
from flask import Flask

from bridge.desks import connecting
from bridge.desks.contract import DeskRefusedError
from bridge.desks.declarative.description import SHIPPED
from bridge.handovers import queries
from bridge.handovers.models import ServiceDesk
from community.core.db import db
from tests.bridge.handovers.paper import Paper
from tests.conftest import MakeApp


def test_shipped_files_can_be_connected(app: Flask) -> None:
    assert {"file:roundup", "file:django-helpdesk"} <= set(connecting.KINDS)


def test_a_file_of_one_s_own_can_be_connected_and_a_broken_one_is_left_out(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "KINDS", {})
    folder = make_app().extensions["isthmus.settings"].home / "desks"
    folder.mkdir()
    (folder / "ours.toml").write_text((SHIPPED / "roundup.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "broken.toml").write_text("name = ", encoding="utf-8")
    with caplog.at_level(logging.ERROR):
        connecting.describe_all(folder)
    assert "file:ours" in connecting.KINDS
    assert "file:broken" not in connecting.KINDS
    assert "broken.toml" in caplog.text


def test_the_doctor_asks_each_desk(app: Flask, desk: ServiceDesk, paper: Paper) -> None:
    assert list(queries.health_checks()) == ["desk Paper desk"]
    for check in queries.health_checks().values():
        check()
    paper.refused = "health"
    with pytest.raises(DeskRefusedError):
        queries.health_checks()["desk Paper desk"]()
    desk.enabled = False
    db.session.flush()
    assert queries.health_checks() == {}
