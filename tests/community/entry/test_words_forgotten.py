"""What was said of somebody who was refused is told to them, kept with the case alone, and gone after thirty days."""

import json
from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.entry.registrations import forget_words
from community.moderation.models import Case, Opinion
from tests.community.accounts.letters import Letters
from tests.conftest import RunJobs
from tests.factories import a_member
from tests.visit import Visitor

from .test_joining_modes import ADDRESS, admin, ask, confirm, decide, set_mode  # noqa: F401 - a fixture

WORDS = "Your employer told us of you."


def test_words_end_with_whom_they_are_about(
    app: Flask,
    admin: Visitor,  # noqa: F811 - the fixture
    letters: Letters,
    run_jobs: RunJobs,
) -> None:
    set_mode(admin, "approval")
    confirm(ask(app, why="Hello"), letters, run_jobs)
    case = db.session.scalars(select(Case)).one()
    case.note = "He called twice."
    db.session.add(Opinion(case_id=case.id, member_id=a_member().id, decision="refuse", words="Rather not."))
    decide(admin, "refuse", WORDS)
    run_jobs()
    assert WORDS in letters.to(ADDRESS)[-1].text
    recorded = db.session.scalars(select(EventRecord.payload)).all()
    assert all(WORDS not in json.dumps(payload) for payload in recorded)
    for days, left in ((29, (WORDS, "He called twice.", "Rather not.")), (31, ("", "", ""))):
        with time_machine.travel(utcnow() + timedelta(days=days)):
            forget_words()
        db.session.expire_all()
        assert (case.words, case.note, case.opinions[0].words) == left
