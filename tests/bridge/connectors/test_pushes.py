"""Signed pushes of every desk that pushes."""

import hashlib
import hmac
import json
import uuid

import pytest

from bridge.desks.contract import Desk, PushRefusedError

from .benches import Bench, desk_of
from .test_contract import a_query


def signed(secret: str, body: bytes) -> dict[str, str]:
    return {"x-bridge-signature": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def test_pushes_count_only_when_signed(bench: Bench, desk: Desk) -> None:
    secret = bench.settings.secrets.get("push", "")
    body = json.dumps({"issue": "12", "ticket": 12}).encode()
    if not desk.capabilities().push:
        with pytest.raises(PushRefusedError):
            desk.verify_push(signed(secret, body), body)
        with pytest.raises(PushRefusedError):
            desk.parse_push(signed(secret, body), body)
        return
    desk.verify_push(signed(secret, body), body)
    assert desk.parse_push(signed(secret, body), body) == ("12",)
    for headers, sent in (
        ({}, body),
        ({"x-bridge-signature": "sha256=ü"}, body),
        (signed("other", body), body),
        (signed(secret, body), body + b" "),
    ):
        with pytest.raises(PushRefusedError):
            desk.verify_push(headers, sent)
    for nonsense in (b"", b"[]", b'{"issue": "x", "ticket": "../1"}'):
        with pytest.raises(PushRefusedError):
            desk.parse_push({}, nonsense)


def test_the_desk_pushes_signed_and_without_texts(bench: Bench, desk: Desk) -> None:
    if not desk.capabilities().push:
        pytest.skip("this desk does not sign what it pushes")
    made = desk.create(a_query())
    bench.pushes.clear()
    secret = f"canary-{uuid.uuid4()}"
    bench.agent_note(made.id, secret)
    bench.agent_reply(made.id, secret)
    pushes = list(bench.pushes)
    assert pushes
    for headers, body in pushes:
        desk.verify_push(headers, body)
        assert desk.parse_push(headers, body) == (made.id,)
        assert secret.encode() not in body


def test_pushes_need_a_secret(bench: Bench) -> None:
    without = {name: value for name, value in bench.settings.secrets.items() if name != "push"}
    desk = desk_of(bench, secrets=without)
    assert not desk.capabilities().push
    with pytest.raises(PushRefusedError):
        desk.verify_push(signed("", b"{}"), b"{}")
