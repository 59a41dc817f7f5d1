"""What an import left behind, without ids that depend on the order of writing."""

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from community.core.db import db

Picture = dict[str, list[tuple[object, ...]]]
Execute = Callable[[str], Iterable[Any]]

SHOWN = {
    "members": "SELECT handle, name, email, about, joined_at FROM member WHERE email NOT LIKE 'se-gone-%'",
    "gone": "SELECT name, email FROM member WHERE email LIKE 'se-gone-%'",
    "spaces": "SELECT name, slug, thread_count FROM space",
    "threads": (
        "SELECT t.title, t.state, t.reply_count, t.tags, t.hidden_at, t.solved_at, t.last_activity_at, p.body"
        " FROM thread t LEFT JOIN post p ON p.id = t.solution_id"
    ),
    "posts": (
        "SELECT t.title, p.number, m.name, p.created_at, p.helpful_count, p.revision_count, p.html"
        " FROM post p JOIN thread t ON t.id = p.thread_id JOIN member m ON m.id = p.author_id"
        " WHERE p.reply_to_id IS NULL"
    ),
    "comments": (
        "SELECT t.title, p.number, m.name, a.number, a.body FROM post p JOIN thread t ON t.id = p.thread_id"
        " JOIN member m ON m.id = p.author_id JOIN post a ON a.id = p.reply_to_id"
    ),
    "revisions": (
        "SELECT r.number, r.title, r.body, r.reason, r.at, p.body FROM post_revision r JOIN post p ON p.id = post_id"
    ),
    "votes": ("SELECT p.body, type_id, v.number, announced FROM imported_votes v JOIN post p ON p.id = post_id"),
    "map": "SELECT source, kind, old_id, old_url FROM import_map",
    "history": "SELECT old_id, type_id, text, post_id IS NULL, tag_id IS NULL FROM imported_history",
    "badges": "SELECT m.name, b.name, b.grade, b.at FROM imported_badge b JOIN member m ON m.id = member_id",
    "links": (
        "SELECT p.body, o.body, kind FROM imported_link l JOIN post p ON p.id = post_id JOIN post o ON o.id = other_id"
    ),
    "tags": "SELECT name, number, excerpt, description FROM imported_tag",
    "tagged": "SELECT t.title, tag FROM thread_tag JOIN thread t ON t.id = thread_id",
    "pending": "SELECT thread_id FROM import_pending",
    "facts": "SELECT name, count(*) FROM event WHERE name <> 'importing.community.imported' GROUP BY name",
    "indexed": "SELECT kind, count(DISTINCT document_id) FROM search_pending GROUP BY kind",
}


def picture(execute: Execute) -> Picture:
    """Everything worth comparing, sorted."""
    return {name: sorted((tuple(row) for row in execute(sql)), key=repr) for name, sql in SHOWN.items()}


def picture_of_file(database: Path) -> Picture:
    """The same of a SQLite file."""
    with sqlite3.connect(database) as connection:
        return picture(connection.execute)


def picture_now() -> Picture:
    """The same of the application's database."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return picture(lambda sql: connection.execute(text(sql)))


def everything() -> Picture:
    """Every row of every table of the application's database."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for name, table in db.metadata.tables.items()
        }
