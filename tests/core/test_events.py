"""Facts: stored as plain JSON, read back as what they were, one delivery for each subscriber."""

import dataclasses
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from community.core import events
from community.core.db import db
from community.core.events import Event, EventRecord, Fact, record, restore, subscribe, type_by_name
from community.core.jobs import Delivery
from tests.factories import a_member

SAMPLES = {"int": 7, "str": "word", "bool": True, "float": 0.5}


@dataclass(frozen=True, kw_only=True)
class KettleBoiled(Event):
    """For these tests only."""

    name = "tests.kettle.boiled"
    subject = "kettle_id"
    kettle_id: int
    cups: tuple[str, ...] = ()
    note: str | None = None


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Event, Fact]]:
    """What one subscriber hears; it is gone after the test."""
    for name in ("type_by_name", "_subscribers", "_handlers"):
        monkeypatch.setattr(events, name, dict(getattr(events, name)))
    told: list[tuple[Event, Fact]] = []

    @subscribe(KettleBoiled)
    def hear(event: KettleBoiled, fact: Fact) -> None:
        told.append((event, fact))

    return told


def test_a_fact_comes_back_as_it_went(app: Flask, heard: list[tuple[Event, Fact]]) -> None:
    ann = a_member("ann")
    fact = KettleBoiled(actor_id=ann.id, kettle_id=7, cups=("a", "ö", "王"), note=None)
    record(fact)
    db.session.commit()
    row = db.session.scalar(select(EventRecord).where(EventRecord.name == KettleBoiled.name))
    assert row is not None
    assert row.subject == "kettle:7"
    assert row.actor_id == ann.id
    db.session.expire_all()
    assert restore(row) == fact
    (delivery,) = db.session.scalars(select(Delivery).where(Delivery.event_id == row.id))
    events.deliver(delivery.handler, row.id)
    ((event, known),) = heard
    assert event == fact
    assert (known.id, known.at) == (row.id, row.at)


def test_fields_of_other_versions_do_no_harm(app: Flask, heard: list[tuple[Event, Fact]]) -> None:
    row = EventRecord(name=KettleBoiled.name, payload={"kettle_id": 1, "gone": "x", "actor_id": None})
    db.session.add(row)
    db.session.flush()
    assert restore(row) == KettleBoiled(kettle_id=1)


def test_a_fact_that_is_rolled_back_was_never_told(app: Flask, heard: list[tuple[Event, Fact]]) -> None:
    record(KettleBoiled(kettle_id=1))
    db.session.rollback()
    assert db.session.scalar(select(EventRecord.id)) is None
    assert db.session.scalar(select(Delivery.id)) is None


def sample_of(kind: type[Event]) -> Event:
    """An event with a value in every field."""
    values: dict[str, object] = {}
    for field in dataclasses.fields(kind):
        plain = str(getattr(field.type, "__name__", field.type)).partition(" |")[0]
        if "tuple" in str(field.type):
            values[field.name] = (1, 2) if "int" in str(field.type) else ("a", "b")
        elif plain in SAMPLES:
            values[field.name] = SAMPLES[plain]
    return kind(**values)


def test_every_known_fact_survives_being_stored(app: Flask) -> None:
    a_member("ann")
    for name, kind in sorted(type_by_name.items()):
        event = dataclasses.replace(sample_of(kind), actor_id=None)
        row = EventRecord(name=name, payload=dataclasses.asdict(event))
        db.session.add(row)
        db.session.commit()
        db.session.expire_all()
        assert restore(row) == event, name


def test_names_of_facts_have_three_parts() -> None:
    for name in type_by_name:
        assert len(name.split(".")) == 3, name
        assert name == name.lower()
