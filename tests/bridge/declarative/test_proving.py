"""Proofs of desks that lie: each lie is told in its own words."""

from types import SimpleNamespace
from typing import Any

import pytest

from bridge.desks.contract import (
    Capabilities,
    Changes,
    Comment,
    DeskStatus,
    Health,
    NotDoneError,
    Outgoing,
    OutgoingComment,
    RemoteRef,
    Snapshot,
)
from bridge.desks.declarative.description import read_description, shipped
from bridge.desks.declarative.proving import Proof, Step
from tests.bridge.connectors.benches import Bench

from .conftest import guide_file
from .kontor import NOON, kontor, settings_for

QUERY = RemoteRef("1", "K-1")


class Liar:
    """A desk that takes everything and says nothing true. `truths` are what it does right."""

    def __init__(self, *truths: str, statuses: frozenset[DeskStatus] = frozenset({DeskStatus.ON_HOLD})) -> None:
        self.truths, self.statuses, self.said = truths, statuses, list[Comment]()
        self.wire = SimpleNamespace(hide=lambda text: text)
        self.polls = 0

    def capabilities(self) -> Capabilities:
        return Capabilities(private_comments=True, statuses=self.statuses)

    def health(self) -> Health:
        return Health("bridge")

    def find_by_ref(self, ref: str) -> RemoteRef | None:
        return QUERY if "finds" in self.truths else RemoteRef("9", "K-9")

    def create(self, query: Outgoing) -> RemoteRef:
        return QUERY

    def get(self, remote_id: str) -> Snapshot:
        return Snapshot(QUERY, "r", DeskStatus.NEW, "new", tuple(self.said))

    def add_comment(self, remote_id: str, comment: OutgoingComment) -> str:
        if "says" in self.truths or not comment.public:
            self.said.append(Comment(str(len(self.said)), NOON, "x", comment.text))
        return str(len(self.said) - 1)

    def set_status(self, remote_id: str, status: DeskStatus) -> None:
        if "obeys" not in self.truths:
            raise NotDoneError("stuck")

    def changes_since(self, cursor: str) -> Changes:
        self.polls += 1
        return Changes(("1",) if "changes" in self.truths and self.polls == 2 else (), "c")


def steps_of(liar: Liar) -> dict[str, Step]:
    with kontor() as (url, _desk):
        proof = Proof(read_description(guide_file()), settings_for(url), "a@example.org")
        there: Any = liar
        proof.desk = there
        return {step.name: step for step in proof.steps()}


def test_lies_are_found() -> None:
    seen = steps_of(Liar())
    wrong = {name: step.words for name, step in seen.items() if not step.ok}
    assert "under a reference that nobody has" in wrong["an unknown reference is not found"]
    assert "does a search need time" in wrong["it is found by its reference"]
    assert "a part of the reference was enough" in wrong["a second hand-over would find it"]
    assert "is not among the public ones" in wrong["a public comment comes back as ours"]
    assert "PRIVATE WORDS CAME BACK AS PUBLIC" in wrong["private words do not come back"]
    assert "stuck" in wrong["the status becomes “on_hold”"]
    assert "was changed and is not in the list" in wrong["the cursor sees the changes"]
    assert "the file can end no query: close number K-1" in wrong["the desk is left tidy"]


def test_smaller_lies_are_found() -> None:
    liar = Liar("finds", "says", "changes", statuses=frozenset({DeskStatus.CLOSED}))
    liar.said.append(Comment("0", NOON, "x", "the first words"))
    seen = steps_of(liar)
    assert "the first words came back as a comment" in seen["it is read back"].words
    assert "not recognised as ours" in seen["a public comment comes back as ours"].words
    assert "a second change at once was missed" in seen["the cursor sees the changes"].words
    assert seen["the desk is left tidy"].words == "close number K-1 by hand: stuck"


def test_a_key_that_nobody_looks_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.desks.declarative.proving.connect", lambda *given: Liar())
    with kontor() as (url, _desk):
        proof = Proof(read_description(guide_file()), settings_for(url), "a@example.org")
    step = {one.name: one for one in proof.steps()}["a wrong key is refused"]
    assert (step.ok, step.words.startswith("it was taken")) == (False, True)


def test_real_desks_are_proved(bench: Bench) -> None:
    name = bench.settings.kind.removeprefix("file:")
    description = read_description(guide_file()) if name == "guide" else shipped()[name]
    steps = list(Proof(description, bench.settings, "ann@example.org").steps())
    assert [step for step in steps if step.ok is not True] == []
    assert {"a private comment is taken", "the cursor sees the changes"} <= {step.name for step in steps}


def test_what_is_still_open_is_ended() -> None:
    liar = Liar("finds", "obeys", statuses=frozenset({DeskStatus.CLOSED}))
    assert steps_of(liar)["the desk is left tidy"].words == "number K-1 is “closed” and may be deleted"
