import tomllib
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from bridge import cli, seeding
from bridge.queries.models import IN_WORK, Query, QueryStep
from community.core import cli as kernel_cli
from community.core.db import db
from community.core.policies import Role
from community.forum import operations as forum
from tests.conftest import RunJobs
from tests.factories import a_member, a_reply, a_thread
from tests.factories.bridge import a_query


def _demo() -> list[dict[str, object]]:
    with files("bridge.demo").joinpath("queries.toml").open("rb") as source:
        queries: list[dict[str, object]] = tomllib.load(source)["query"]
        return queries


def test_the_demo_is_loaded_in_the_past(app: Flask, run_jobs: RunJobs) -> None:
    told = _demo()
    handles = {str(query["promoted_by"]) for query in told} | {str(query.get("assignee", "jonas")) for query in told}
    handles |= {str(step["author"]) for query in told for step in query.get("step", [])}  # type: ignore[attr-defined]
    for handle in sorted(handles):
        a_member(handle=handle, role=Role.AGENT)
    keys = [str(key) for query in told for key in query["threads"]]  # type: ignore[attr-defined]
    rows = {key: a_thread(title=f"Thread {key}").id for key in keys}
    solved = next(str(query["threads"][0]) for query in told if query["status"] == "resolved")  # type: ignore[index]
    thread = db.session.get_one(forum.Thread, rows[solved])
    forum.accept(thread, a_reply(thread), by_id=thread.author_id)
    now = datetime.now(UTC)
    assert seeding.seed(rows, now) == len(told)
    assert db.session.scalar(select(func.count(Query.id))) == len(told)
    found = {query.title: query for query in db.session.scalars(select(Query))}
    for query in told:
        row = found[f"Thread {query['threads'][0]}"]  # type: ignore[index]
        wanted = "closed" if query["threads"][0] == solved else query["status"]  # type: ignore[index]
        assert row.status == wanted, row.title
        assert row.query_class == query["class"]
        assert row.received_at < now
        assert (row.restricted, row.major) == (row.query_class == "suspicious_activity", bool(query.get("major")))
    assert all(at <= now for at in db.session.scalars(select(QueryStep.at)))
    run_jobs()


def test_queries_without_their_threads_are_left_out(app: Flask) -> None:
    assert seeding.seed({}, datetime.now(UTC)) == 0
    with pytest.raises(LookupError):
        seeding.seed({str(key): 999_999 for query in _demo() for key in query["threads"]}, datetime.now(UTC))  # type: ignore[attr-defined]
    a_member(handle="priya")
    with pytest.raises(LookupError):
        seeding.seed({str(key): 999_999 for query in _demo() for key in query["threads"]}, datetime.now(UTC))  # type: ignore[attr-defined]


def test_the_command_lists_the_queue(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    query = a_query(a_thread(title="VPN drops"))
    assert query.status in IN_WORK
    db.session.commit()
    monkeypatch.setattr(kernel_cli, "application", lambda: app)
    result = CliRunner().invoke(cli.list_queries, [], catch_exceptions=False)
    assert query.reference in result.output
    assert "VPN drops" in result.output
