"""Several people who join at the same moment, or one who presses the button twice."""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from tests.visit import Visitor

TIMES = 4


@pytest.mark.parametrize("same", [True, False])
def test_each_gets_an_answer_and_a_handle(app: Flask, visitor: Visitor, *, same: bool) -> None:
    visitor.get("/join")
    cookie = visitor.client.get_cookie("isthmus")
    given = {str(field["name"]): str(field.get("value", "")) for field in visitor.select("main form input[name]")}
    db.session.commit()
    start = Barrier(TIMES)

    def join(number: int) -> int:
        client = app.test_client()
        client.set_cookie("isthmus", cookie.value if cookie else "")
        address = "ann@example.org" if same else f"ann{number}@example.org"
        start.wait()
        typed = {"name": "Ann Ek", "email": address, "password": "correct horse battery"}
        return client.post("/join", data=given | typed).status_code

    with ThreadPoolExecutor(TIMES) as pool:
        answers = list(pool.map(lambda number: contextvars.Context().run(join, number), range(TIMES)))
    assert answers == [200] * TIMES
    db.session.expire_all()
    handles = sorted(db.session.scalars(select(Member.handle)))
    assert handles == (["ann-ek"] if same else ["ann-ek", "ann-ek-2", "ann-ek-3", "ann-ek-4"])
