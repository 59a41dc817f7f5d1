"""What was said for and by candidates, and what was agreed: read by the parties and by managers, by nobody else."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.moderation.models import Case
from tests.conftest import LoginAs, RunJobs
from tests.security.visiting import seen_by
from tests.security.world import ACTORS, build

WORDS = ("Canary application", "Canary nomination", "Canary duties", "Canary areas", "Canary agreement")
PAGES = (
    "/appointments",
    "/agreements",
    "/super-users",
    "/review",
    "/notifications",
    "/people/stranger",
    "/people/member",
)
READ = {"member": {"Canary duties", "Canary areas", "Canary agreement"}, "manager": set(WORDS), "admin": set(WORDS)}


@pytest.mark.parametrize("actor", ACTORS)
def test_only_the_parties_read_it(app: Flask, actor: str, login_as: LoginAs, run_jobs: RunJobs) -> None:
    world = build(actor, login_as)
    run_jobs()
    client = app.test_client()
    if world.cookie:
        client.set_cookie("isthmus", world.cookie)
    found = "/agreements/{agreement}", "/agreements/{agreement}/versions/1"
    numbered = ("/appointments/{appointment}", "/appointments/{own_appointment}", *found)
    cases = [f"/review/{case_id}" for case_id in db.session.scalars(select(Case.id))]
    addresses = [*PAGES, *cases, *(address.format(**world.ids) for address in numbered)]
    db.session.commit()
    assert set(seen_by(client, addresses, WORDS)) == READ.get(actor, set())
