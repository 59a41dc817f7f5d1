"""Votes that an appeal, or a person, gave back are not put before a person again the next night."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.moderation.models import Case, Measure
from gamification.integrity.models import VoteFinding
from gamification.integrity.watching import watch_votes
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member

from .test_watching import friendly, picture, the_case, two


@pytest.mark.parametrize("way", ["appeal", "give-back"])
def test_what_was_given_back_is_held_honest(app: Flask, login_as: LoginAs, run_jobs: RunJobs, way: str) -> None:
    ann, bob = two()
    friendly(ann, bob)
    for handle in ("manager", "other"):
        a_member(handle, role="manager")
    run_jobs()
    before = picture()
    watch_votes()
    case = the_case()
    decision = {"decision": "void", "words": "These votes look arranged."}
    login_as("manager").post(f"/review/{case.id}/decision", decision)
    run_jobs()
    measure = db.session.scalars(select(Measure).where(Measure.member_id == bob.id)).one()
    assert picture() != before
    if way == "appeal":
        login_as("bob").post(f"/measures/{measure.id}/appeal", {"words": "We only thanked each other for help."})
        appeal = db.session.scalars(select(Case).where(Case.kind == "appeal")).one()
        login_as("other").post(f"/review/{appeal.id}/decision", {"decision": "reverse", "words": "You are right."})
    else:
        login_as("other").post(f"/measures/{measure.id}/votes/undoing")
    run_jobs()
    assert picture() == before
    watch_votes()
    assert db.session.scalars(select(VoteFinding.outcome)).one() == "honest"
    assert [row.state for row in db.session.scalars(select(Case).where(Case.kind == "votes"))] == ["decided"]
