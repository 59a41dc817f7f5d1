"""Files for tests: uploaded through the product, and what is found of them on the other side."""

import io

from PIL import Image
from sqlalchemy import select

from bridge.handovers.models import DeskMessage, HandOver, ServiceDesk
from bridge.handovers.polling import read_again
from community import public
from community.core.db import db
from community.forum.models import Attachment, Thread
from community.public import PostSnapshot
from tests.bridge.handovers.paper import Paper
from tests.conftest import RunJobs
from tests.visit import Visitor


def a_picture(colour: str = "teal") -> bytes:
    """A small picture."""
    data = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(data, "PNG")
    return data.getvalue()


def uploaded(visitor: Visitor, name: str, data: bytes) -> str:
    """Upload a file; the Markdown that shows it."""
    visitor.post("/files", {"file": (io.BytesIO(data), name)})
    assert isinstance(visitor.json, dict)
    return str(visitor.json["markdown"])


def replies(visitor: Visitor, thread: Thread, body: str) -> None:
    """Write a reply through the page."""
    visitor.post(f"/threads/{thread.id}/replies", {"body": body})


def taken(paper: Paper, sheet: str = "1") -> dict[str, bytes]:
    """The files that the desk has, by name; none twice."""
    files = paper.sheets[sheet].taken
    assert len({file.name for file in files}) == len(files)
    return {file.name: file.content for file in files}


def told(paper: Paper, sheet: str = "1") -> list[str]:
    """What the desk was told, without marks."""
    return [comment.text.rsplit("\n\n", 1)[0] for comment in paper.sheets[sheet].comments if comment.own]


def look_again(desk: ServiceDesk, run_jobs: RunJobs, *, failing: bool = False) -> None:
    """As a push would have it."""
    read_again(desk.id, ["1"])
    run_jobs(failing=failing)
    db.session.expire_all()


def from_desk(thread: Thread) -> list[PostSnapshot]:
    """What the desk said in a thread."""
    return [post for post in public.post_snapshots(thread.id) if post.origin == "desk"]


def attachments(thread: Thread) -> list[Attachment]:
    """The files of the desk's words in a thread, in order."""
    ids = [post.id for post in from_desk(thread)]
    return list(db.session.scalars(select(Attachment).where(Attachment.post_id.in_(ids)).order_by(Attachment.id)))


def messages(way: HandOver) -> list[DeskMessage]:
    """All that crossed, in order."""
    return list(
        db.session.scalars(select(DeskMessage).where(DeskMessage.hand_over_id == way.id).order_by(DeskMessage.id))
    )
