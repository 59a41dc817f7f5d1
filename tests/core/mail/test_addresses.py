"""Addresses and Message-IDs that nobody else can make."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.core.db import utcnow
from community.core.mail import addresses
from community.core.mail.addresses import Token


def test_an_address_comes_back_in_any_case(app: Flask) -> None:
    made = addresses.make_address("desk", (42, 1))
    assert made.startswith("desk+42-1-")
    assert made.endswith("@localhost")
    assert len(made.partition("@")[0]) <= 64
    assert addresses.read_address(made.upper()) == Token("desk", (42, 1))
    assert addresses.read_address(addresses.make_address("reply", ())) == Token("reply", ())


def test_forged_addresses_are_none(app: Flask) -> None:
    made = addresses.make_address("desk", (42, 1))
    for forged in (
        made.replace("42", "43"),
        made.replace("desk", "help"),
        made.replace("42-1", "421"),
        made.replace("localhost", "elsewhere.example"),
        made[:-11] + "a" + made[-10:],
        made.replace("+42-1-", "+42-1-x1-"),
        "desk+42-1-@localhost",
        "desk+" + "9" * 500 + "@localhost",
        "desk@localhost",
        "",
        "@",
    ):
        assert addresses.read_address(forged) is None


def test_an_address_may_run_out(app: Flask) -> None:
    made = addresses.make_address("desk", (7,), expires=utcnow() + timedelta(hours=3))
    assert addresses.read_address(made) == Token("desk", (7,))
    with time_machine.travel(utcnow() + timedelta(hours=5)):
        assert addresses.read_address(made) is None


def test_message_ids_are_signed(app: Flask) -> None:
    made = addresses.make_message_id("desk", "isthmus-abc123-QRY-00001-1.abc123-7")
    assert made == addresses.make_message_id("desk", "isthmus-abc123-qry-00001-1.abc123-7")
    assert addresses.read_message_id(made.upper()) == ("desk", "isthmus-abc123-qry-00001-1.abc123-7")
    assert addresses.read_message_id(made.replace("00001", "00002")) is None
    assert addresses.read_message_id("<x@localhost>") is None
    with pytest.raises(ValueError, match="no Message-ID"):
        addresses.make_message_id("desk", "two words\r\nBcc: x")
    with pytest.raises(ValueError, match="no address"):
        addresses.make_address("a b", (1,))


def test_another_secret_makes_other_addresses(app: Flask) -> None:
    made = addresses.make_address("desk", (42, 1))
    before = app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = "another one"
    try:
        assert addresses.read_address(made) is None
    finally:
        app.config["SECRET_KEY"] = before


@given(text=st.text(max_size=80))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_asked_about(app: Flask, text: str) -> None:
    for asked in (text, f"desk+{text}@localhost", f"<desk.{text}@localhost>"):
        assert addresses.read_address(asked) is None
        assert addresses.read_message_id(asked) is None
        addresses.purpose_of(asked)
