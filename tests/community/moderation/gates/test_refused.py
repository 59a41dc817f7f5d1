"""What is refused on sending is kept among the drafts and goes on from there; earlier texts are asked about too."""

import pytest
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.drafts import operations
from community.drafts.models import Draft
from community.forum.models import Post, Thread
from community.moderation import measures
from community.moderation.gates.models import Action, Look, WatchedWord
from community.spaces.models import Space
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_thread
from tests.visit import Visitor

from .conftest import asks, replies


@pytest.fixture
def words(home: Space) -> None:
    """Casinos are refused and damn is masked in the space."""
    for text, action in (("casino", Action.REFUSE), ("damn", Action.MASK)):
        row = WatchedWord(space_id=home.id, look=Look.WORD.value, text=text, action=action.value)
        db.session.add(row)
    db.session.flush()


def drafts() -> list[tuple[str, str]]:
    return [(one.kind, one.body) for one in db.session.scalars(select(Draft).order_by(Draft.id))]


@pytest.mark.usefixtures("words")
def test_a_refused_thread_is_a_draft_until_it_is_published(ann: Visitor, login_as: LoginAs) -> None:
    asks(ann, body="Where is the casino, please?", tags="lift", status=422)
    assert "you find it under “Drafts” in your menu" in ann.text
    ann.submit("#ask-form", body="Where is that casino, please?", status=422)
    assert drafts() == [("thread", "Where is that casino, please?")]
    elsewhere = login_as("ann")
    elsewhere.get("/ask")
    assert elsewhere.select("#body")[0].get_text().strip() == "Where is that casino, please?"
    assert elsewhere.select("#tags")[0]["value"] == "lift"
    elsewhere.submit("#ask-form", body="Where is the lift, please?")
    assert (drafts(), db.session.query(Thread).count()) == ([], 1)


@pytest.mark.usefixtures("words")
def test_a_refused_reply_sent_again_from_a_page_that_knows_no_draft(home: Space, ann: Visitor) -> None:
    thread = a_thread(home)
    for _time in range(2):
        ann.post(f"/threads/{thread.id}/replies", {"body": "Look in the casino."}, status=422)
    assert drafts() == [("reply", "Look in the casino.")]
    ann.submit("#reply-form", body="Look in the hall.")
    assert (drafts(), thread.posts[-1].body) == ([], "Look in the hall.")


@pytest.mark.usefixtures("words")
def test_a_refused_edit_is_a_draft_and_changes_nothing(home: Space, ann: Visitor) -> None:
    post = _own_reply(home)
    ann.get(f"/posts/{post.id}/edit")
    ann.submit("#edit-form", body="Behind the casino.", status=422)
    assert drafts() == [("edit", "Behind the casino.")]
    assert (post.body, post.revision_count) == ("Press the red button.", 0)
    ann.submit("#edit-form", body="Behind the hall.")
    assert (drafts(), post.body) == ([], "Behind the hall.")


def test_whoever_is_silenced_keeps_what_they_wrote(home: Space, ann: Visitor) -> None:
    thread, by = a_thread(home), a_member("adam", role="admin")
    measures.take("silence", rule="spam", member_id=_ann().id, by_id=by.id)
    replies(ann, thread.id, "One more thing to say.", status=422)
    assert drafts() == [("reply", "One more thing to say.")]


@pytest.mark.usefixtures("words")
def test_with_too_many_drafts_the_text_is_on_the_page(
    home: Space, ann: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "MOST", 0)
    replies(ann, a_thread(home).id, "Look in the casino.", status=422)
    assert "Look in the casino." in ann.html
    assert "you find it under “Drafts”" not in ann.text
    assert drafts() == []


def test_an_earlier_text_is_asked_about_before_it_comes_back(home: Space, ann: Visitor) -> None:
    post, by = _own_reply(home), a_member("adam", role="admin")
    for body in ("Behind the casino.", "That damn lift.", "Behind the hall."):
        ann.get(f"/posts/{post.id}/edit")
        ann.submit("#edit-form", body=body, reason="clearer")
    for text, action in (("casino", Action.REFUSE), ("damn", Action.MASK)):
        db.session.add(WatchedWord(look=Look.WORD.value, text=text, action=action.value))
    again = f"/posts/{post.id}/revisions/%d/restoration"
    ann.post(again % 2)
    ann.follow()
    assert "“casino” is not published here" in ann.text
    assert post.body == "Behind the hall."
    silence = measures.take("silence", rule="spam", member_id=post.author_id, by_id=by.id)
    ann.post(again % 1)
    assert post.body == "Behind the hall."
    measures.end(silence, by_id=by.id, how="lifted")
    ann.post(again % 1)
    assert post.body == "Press the red button."
    ann.post(again % 3)
    assert post.body == "That ■■■■ lift."


def _own_reply(home: Space) -> Post:
    return a_reply(a_thread(home), _ann(), "Press the red button.")


def _ann() -> Member:
    return db.session.query(Member).filter_by(handle="ann").one()
