"""A decision on a candidate is taken back five times at the same moment: it is taken back once, and told once."""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from community.core.db import db
from community.moderation.models import Case
from tests.community.superusers.conftest import Programme
from tests.community.superusers.duty.test_at_once import keys
from tests.community.superusers.test_appointing import apply, grant_of, told
from tests.community.superusers.test_offers_and_undoing import undone
from tests.conftest import LoginAs, RunJobs

AT_ONCE = 5


def test_it_is_taken_back_once(app: Flask, programme: Programme, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann, mia = login_as("ann"), login_as("mia")
    found = apply(ann, programme)
    case = db.session.query(Case).one()
    mia.post(f"/review/{case.id}/decision", {"decision": "offer"})
    ann.post(f"/appointments/{found.id}/answer", {"to": "yes"})
    ready, path, start = (
        [keys(login_as("mia")) for _one in range(AT_ONCE)],
        f"/review/{case.id}/undoing",
        Barrier(AT_ONCE),
    )
    db.session.commit()

    def undo(number: int) -> int:
        cookie, token = ready[number]
        client = app.test_client()
        client.set_cookie("isthmus", cookie)
        start.wait()
        return client.post(path, data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda number: contextvars.Context().run(undo, number), range(AT_ONCE)))
    db.session.expire_all()
    assert set(answers) <= {302, 404} and 302 in answers
    run_jobs()
    assert undone(found) == ["held"] and grant_of(programme.ann) is None
    assert sum("taken back" in title for who, title in told("appointment") if who == "ann") == 1
