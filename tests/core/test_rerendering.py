"""Texts of an older renderer are made again; a run that is killed goes on where it was."""

import os
import subprocess
import sys
import time

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from community.core import rerendering
from community.core.db import db, transaction
from community.core.markup import RENDERER_VERSION
from community.core.settings import Settings
from community.forum.models import Post, Thread
from knowledge.articles.models import Article
from tests.factories import a_reply, a_thread

MANY = 300
PATIENCE = 60.0


def aged(model: type[Post] | type[Article], *, html: str) -> None:
    field = {"html": html} if model is Post else {"issue_html": html}
    db.session.execute(update(model).values(renderer_version=RENDERER_VERSION - 1, **field))
    db.session.commit()


def old() -> int:
    with transaction(read_only=True):
        return db.session.scalar(select(func.count(Post.id)).where(Post.renderer_version < RENDERER_VERSION)) or 0


def test_old_texts_are_made_again_and_their_pages_say_so(app: Flask) -> None:
    thread = a_thread(body="Press **this** key")
    new = a_reply(a_thread())
    aged(Post, html="<p>old</p>")
    new.renderer_version, version, ids = RENDERER_VERSION, thread.version, (thread.id, new.id)
    db.session.commit()
    for name in rerendering.sources:
        assert all(rerendering.rerender(name, 1))
    thread = db.session.get_one(Thread, ids[0])
    assert thread.posts[0].html == "<p>Press <strong>this</strong> key</p>"
    assert thread.version > version
    assert db.session.get_one(Post, ids[1]).html == "<p>old</p>"
    db.session.rollback()
    assert rerendering.waiting() == {"posts": 0, "articles": 0, "messages": 0}


# A process of its own needs the database of this one, which only PostgreSQL and a file on disk share.
@pytest.mark.databases("sqlite")
def test_a_run_that_is_killed_goes_on(app: Flask) -> None:
    thread = a_thread()
    rows = [
        Post(thread_id=thread.id, author_id=thread.author_id, number=number, body=f"*Words* {number}", html="old")
        for number in range(2, MANY)
    ]
    db.session.add_all(rows)
    aged(Post, html="old")
    whole = old()
    run = started(app)
    end = time.monotonic() + PATIENCE
    while old() == whole:
        assert run.poll() is None and time.monotonic() < end
        time.sleep(0.01)
    run.kill()
    run.wait()
    left = old()
    assert 0 < left < whole
    assert started(app).wait(PATIENCE) == 0
    assert old() == 0
    assert set(db.session.scalars(select(Post.html).where(Post.number > 1).limit(3))) <= {
        f"<p><em>Words</em> {number}</p>" for number in range(2, MANY)
    }


def started(app: Flask) -> subprocess.Popen[bytes]:
    settings: Settings = app.extensions["isthmus.settings"]
    environment = {
        **os.environ,
        "ISTHMUS_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url,
        "ISTHMUS_SECRET_KEY": settings.secret_key,
        "SEARCH_URL": settings.search_url,
    }
    command = [sys.executable, "-m", "community.core.entry", "rerender", "--batch", "1"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
