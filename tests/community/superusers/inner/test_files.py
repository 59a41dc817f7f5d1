"""Files of the inner space: closed as long as they are inside, and open with the words that become public."""

import re
from datetime import timedelta

from sqlalchemy import select

from community.core.db import at_time, db, utcnow
from community.forum.models import Attachment, Post, Thread
from community.forum.scheduling.operations import publish_what_is_due
from community.spaces.models import Space
from community.superusers.inner.experts.models import ExpertPool
from community.superusers.inner.models import InnerPlace
from tests.bridge.handovers.crossing import a_picture, uploaded
from tests.community.superusers.inner.test_experts import asked, jo, member, pool  # noqa: F401 - fixtures
from tests.conftest import RunJobs
from tests.factories import a_thread
from tests.visit import Visitor


def files_in(text: str) -> list[str]:
    return re.findall(r"/files/[a-z0-9.]+", text)


def readers(path: str, people: dict[str, Visitor]) -> list[str]:
    """Who of the people is given what is at an address."""
    return [name for name, person in people.items() if person.client.get(path).status_code == 200]


def test_pictures_of_early_news_open_with_them(
    space: Space, home: Space, mia: Visitor, sue: Visitor, ann: Visitor, visitor: Visitor, run_jobs: RunJobs
) -> None:
    people = {"mia": mia, "sue": sue, "ann": ann, "nobody": visitor}
    picture, table = uploaded(mia, "screen.png", a_picture()), uploaded(mia, "dates.csv", b"day,what\n1,all\n")
    mia.get("/inner/news/new")
    later = utcnow() + timedelta(hours=2)
    words = {"title": "The new client comes on Monday", "body": f"It looks so:\n\n{picture}\n\nand {table}"}
    mia.submit("#early-form", space="home", at=later.strftime("%Y-%m-%dT%H:%M"), **words)
    run_jobs()
    inside = db.session.scalars(select(Thread)).one()
    sue.get(f"/threads/{inside.id}")
    stays = uploaded(mia, "stays.png", a_picture("red"))
    mia.post(f"/threads/{inside.id}/replies", {"body": f"Only for us: {stays}"})
    closed = [*files_in(picture), *files_in(table), *files_in(stays)]
    for path in closed:
        assert readers(path, people) == ["mia", "sue"], path
    with at_time(later):
        publish_what_is_due()
        db.session.commit()
    public = db.session.scalars(select(Thread).order_by(Thread.id.desc()).limit(1)).one()
    assert public.space_id == home.id
    visitor.get(f"/threads/{public.id}")
    (image,) = visitor.select(".prose img")
    opened = files_in(visitor.html)
    assert image["src"] in opened and not set(opened) & set(closed)
    assert len(set(opened)) == 2
    for path in opened:
        assert readers(path, people) == list(people), path
    for path in closed:
        assert readers(path, people) == ["mia", "sue"], path
    assert visitor.client.get(image["src"]).data == mia.client.get(closed[0]).data


def test_what_was_hidden_inside_does_not_come_out(
    space: Space, home: Space, mia: Visitor, visitor: Visitor, run_jobs: RunJobs
) -> None:
    picture = uploaded(mia, "screen.png", a_picture())
    mia.get("/inner/news/new")
    later = utcnow() + timedelta(hours=2)
    words = {"title": "The new client comes on Monday", "body": f"It looks so:\n\n{picture}"}
    mia.submit("#early-form", space="home", at=later.strftime("%Y-%m-%dT%H:%M"), **words)
    db.session.scalars(select(Post)).one().hidden_at = utcnow()
    with at_time(later):
        publish_what_is_due()
        db.session.commit()
    assert visitor.client.get(*files_in(picture)).status_code == 404
    assert len(db.session.scalars(select(Attachment)).all()) == 1


def test_files_of_an_expert_s_answer_go_along_but_for_those_that_stay(
    space: Space,
    home: Space,
    pool: ExpertPool,  # noqa: F811 - the fixture
    sue: Visitor,
    jo: Visitor,  # noqa: F811 - the fixture
    mia: Visitor,
    ann: Visitor,
    visitor: Visitor,
    run_jobs: RunJobs,
) -> None:
    people = {"mia": mia, "sue": sue, "jo": jo, "ann": ann, "nobody": visitor}
    insiders = ["mia", "sue", "jo"]
    thread = a_thread(home, member("ann"))
    question = asked(sue, pool, thread)
    asks = uploaded(sue, "question.png", a_picture("blue"))
    question.body = f"{question.body}\n\n{asks}"
    address = f"/inner/experts/questions/{question.id}"
    assert readers(*files_in(asks), people) == insiders
    shown, secret = uploaded(jo, "shown.png", a_picture()), uploaded(jo, "secret.png", a_picture("red"))
    jo.get(address)
    jo.submit(f"{address}/taking")
    jo.get(address)
    jo.submit("#answer-form", body=f"So: {shown}\n\n[private]Acme has {secret}[/private]")
    closed = [*files_in(asks), *files_in(shown), *files_in(secret)]
    for path in closed:
        assert readers(path, people) == insiders, path
    sue.get(f"{address}/publication")
    foreign = uploaded(mia, "foreign.png", a_picture("green"))
    sue.submit("#publish-form", body=f"So: {shown} and {secret} and {foreign}")
    run_jobs()
    visitor.get(f"/threads/{thread.id}")
    (mine,) = [path for path in set(files_in(visitor.html)) if path not in {*closed, *files_in(foreign)}]
    assert readers(mine, people) == list(people)
    for path in closed:
        assert readers(path, people) == insiders, path
    assert readers(*files_in(foreign), people) == ["mia"]


def test_without_an_inner_space_too(
    space: Space,
    home: Space,
    pool: ExpertPool,  # noqa: F811 - the fixture
    sue: Visitor,
    jo: Visitor,  # noqa: F811 - the fixture
    visitor: Visitor,
) -> None:
    thread = a_thread(home)
    question = asked(sue, pool, thread)
    address = f"/inner/experts/questions/{question.id}"
    db.session.scalars(select(InnerPlace)).one().space_id = None
    shown = uploaded(jo, "shown.png", a_picture())
    jo.post(f"{address}/taking")
    jo.post(f"{address}/answer", {"body": f"So: {shown}"})
    (path,) = files_in(shown)
    assert (sue.client.get(path).status_code, visitor.client.get(path).status_code) == (200, 404)
    sue.get(f"{address}/publication")
    sue.submit("#publish-form")
    visitor.get(f"/threads/{thread.id}")
    (image,) = visitor.select(".prose img")
    assert visitor.client.get(image["src"]).status_code == 200
