"""Raw mail as people's programs write it, and what should come of each."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.core.mail import addresses
from community.core.mail.receiving import Answer
from community.forum.models import Attachment, Post, Thread
from community.notifications import addressing
from community.notifications.models import MemberMail
from tests.community.notifications.conftest import Exchange, arrive, plain
from tests.conftest import RunJobs
from tests.servers import Mailbox

FOLDER = Path(__file__).parent / "letters"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))


def raw_letter(name: str, exchange: Exchange) -> bytes:
    """A letter with the addresses of this test's installation."""
    raw = (FOLDER / f"{name}.eml").read_bytes()
    places = {
        "ANN": exchange.ann.email,
        "REPLY": exchange.reply_to,
        "ASK": exchange.ask,
        "BACK": addressing.return_address(exchange.ann.id),
        "NEWS": str(exchange.letter["Message-ID"]),
        "ROOT": addressing.thread_root(exchange.thread.id),
        "LOOP": addresses.loop_mark(),
        "FORGED": exchange.reply_to.replace("@", "a@"),
    }
    for place, value in places.items():
        raw = raw.replace(f"@@{place}@@".encode(), value.encode())
    return raw


def files_of(post: Post) -> list[str]:
    return list(db.session.scalars(select(Attachment.name).where(Attachment.post_id == post.id)))


def test_there_are_forty_and_each_is_expected() -> None:
    assert {path.stem for path in FOLDER.glob("*.eml")} == set(EXPECTED)
    assert len(EXPECTED) >= 40


@pytest.mark.parametrize("name", EXPECTED)
def test_letter(app: Flask, name: str, exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs) -> None:
    expected = EXPECTED[name]
    for _again in range(2):
        outcomes = arrive(app, raw_letter(name, exchange))
        assert Answer.LATER not in [outcome.answer for outcome in outcomes], outcomes
    run_jobs()
    answers = [mail for mail in receiving.to(exchange.ann.email) if mail["Auto-Submitted"] == "auto-replied"]
    written = exchange.written()
    begun = db.session.scalars(select(Thread).where(Thread.id != exchange.thread.id)).all()
    assert len(written) == (expected["outcome"] == "posted")
    assert len(begun) == (expected["outcome"] == "thread")
    assert len(answers) == ("answered" in expected)
    if answers:
        assert expected["answered"] in plain(answers[0])
    for post in [*written, *(thread.posts[0] for thread in begun)]:
        words = post.body.partition("(/files/")[0].rpartition("\n\n")[0] if "/files/" in post.body else post.body
        assert words == expected["text"]
        assert files_of(post) == expected.get("files", [])
    assert [thread.title for thread in begun] == ([expected["title"]] if "title" in expected else [])
    row = db.session.get(MemberMail, exchange.ann.id)
    assert (row.bounce_count if row else 0) == expected.get("bounces", 0)
