"""What this machine can do at most: the same page from memory, and through the ORM, in the smallest Flask there is."""

import os
import random

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship

from .words import Vocabulary

THREAD = int(os.environ.get("BENCH_THREAD", "1"))
POSTS = 20
MENU = [(f"/places/{n}", f"Place number {n}") for n in range(40)]
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title><link rel="stylesheet" href="/a.css"></head>
<body><nav><ul>{% for url, name in menu %}
<li><a class="place" href="{{ url }}"><span class="icon"></span>{{ name }}</a></li>
{% endfor %}</ul></nav><main><h1>{{ title }}</h1>
{% for post in posts %}<article class="post" id="post-{{ post.number }}"><header>
<a class="who" href="/people/{{ post.author.handle }}">
<span class="avatar">{{ post.author.name[:2] }}</span>{{ post.author.name }}</a>
<time datetime="{{ post.created_at }}">{{ post.created_at }}</time>
<a href="#post-{{ post.number }}">#{{ post.number }}</a></header>
<div class="prose">{{ post.html | safe }}</div><footer><form method="post" action="/posts/{{ post.id }}/helpful">
<input type="hidden" name="token" value="{{ token }}"><button class="quiet">Helpful</button></form>
<a href="/posts/{{ post.id }}/edit">Edit</a> <a href="/posts/{{ post.id }}/quote">Quote</a></footer></article>
{% endfor %}</main></body></html>"""


class Base(DeclarativeBase):
    """Only the columns that the page shows."""


class Author(Base):
    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str]
    name: Mapped[str]


class Shown(Base):
    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    number: Mapped[int]
    html: Mapped[str]
    created_at: Mapped[str]
    author: Mapped[Author] = relationship()


class Headed(Base):
    __tablename__ = "thread"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


app = Flask(__name__)
app.jinja_loader = DictLoader({"page.html": PAGE})
engine = create_engine(os.environ["DATABASE_URL"]) if "DATABASE_URL" in os.environ else None


def _kept() -> list[dict[str, object]]:
    words = Vocabulary(random.Random(3))
    author = {"handle": "member-001", "name": "Member 001"}
    return [
        {
            "id": number,
            "number": number,
            "author": author,
            "created_at": "2026-01-05 08:00:00+00:00",
            "html": "".join(f"<p>{words.paragraph(chinese=False)}</p>\n" for _ in range(2)),
        }
        for number in range(1, POSTS + 1)
    ]


KEPT = _kept()


@app.get("/memory")
def memory() -> str:
    """The page, rendered from what lies in memory."""
    return _page("A page from memory", KEPT)


@app.get("/orm")
def orm() -> str:
    """The same page, its posts and their authors loaded by the ORM."""
    with Session(engine) as session:
        thread = session.get_one(Headed, THREAD)
        query = select(Shown).where(Shown.thread_id == THREAD).order_by(Shown.number).limit(POSTS)
        posts = session.scalars(query.options(joinedload(Shown.author))).all()
        return _page(thread.title, posts)


def _page(title: str, posts: object) -> str:
    return render_template("page.html", title=title, posts=posts, menu=MENU, token="t" * 90)
