"""What a thread's page tells search engines, checked against what they require."""

import json
from typing import Any

import pytest
from flask import Flask

from community.forum import metadata, operations
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

# What Google's documents on structured data ask for: "QAPage" and "DiscussionForumPosting".
REQUIRED = {
    "QAPage": {"@context", "mainEntity"},
    "Question": {"name", "text", "answerCount", "author", "datePublished"},
    "Answer": {"text", "url", "upvoteCount", "author", "datePublished"},
    "DiscussionForumPosting": {"@context", "headline", "text", "author", "datePublished", "url", "comment"},
    "Comment": {"text", "author", "datePublished", "url"},
    "Person": {"name", "url"},
}


def schema_of(visitor: Visitor, path: str) -> dict[str, Any]:
    """The page's one block of JSON-LD, everything required in it."""
    visitor.get(path)
    (block,) = visitor.select("script[type='application/ld+json']")
    found: dict[str, Any] = json.loads(block.get_text())
    check(found)
    return found


def check(thing: dict[str, Any]) -> None:
    """Each thing says what its type requires, and says it with something."""
    assert REQUIRED[thing["@type"]] <= set(thing), thing
    for key, value in thing.items():
        assert value not in ("", None), (thing["@type"], key)
        if key == "url":
            assert value.startswith("http://localhost/")
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                check(inner)


def test_a_question_with_answers_is_a_page_of_questions_and_answers(app: Flask, visitor: Visitor) -> None:
    thread = a_thread(title="Why </script><b>?", body="Because of *this* & that.")
    others, best = a_reply(thread, body="Perhaps so."), a_reply(thread, body="Surely `so`.")
    page = schema_of(visitor, f"/threads/{thread.id}")
    question = page["mainEntity"]
    assert (page["@type"], question["@type"], question["answerCount"]) == ("QAPage", "Question", 2)
    assert (question["name"], question["text"]) == (thread.title, "Because of this & that.")
    assert [answer["text"] for answer in question["suggestedAnswer"]] == ["Perhaps so.", "Surely so."]
    assert "acceptedAnswer" not in question
    operations.accept(thread, best, by_id=thread.author_id)
    operations.mark_helpful(best, member_id=a_member().id)
    question = schema_of(visitor, f"/threads/{thread.id}")["mainEntity"]
    assert (question["acceptedAnswer"]["text"], question["acceptedAnswer"]["upvoteCount"]) == ("Surely so.", 1)
    assert question["acceptedAnswer"]["url"] == f"http://localhost/posts/{best.id}"
    assert [answer["url"] for answer in question["suggestedAnswer"]] == [f"http://localhost/posts/{others.id}"]


@pytest.mark.parametrize("kind", ["question", "idea", "discussion", "announcement"])
def test_everything_else_is_a_discussion(app: Flask, visitor: Visitor, kind: str) -> None:
    thread = a_thread(kind=kind)
    if kind != "question":
        a_reply(thread, body="A word.")
    page = schema_of(visitor, f"/threads/{thread.id}")
    assert page["@type"] == "DiscussionForumPosting"
    assert page["url"] == f"http://localhost/threads/{thread.id}"
    assert [comment["text"] for comment in page["comment"]] == ([] if kind == "question" else ["A word."])


def test_only_the_accepted_answer_of_a_hidden_rest(app: Flask, visitor: Visitor) -> None:
    thread = a_thread()
    rude, best = a_reply(thread, body="Rude words."), a_reply(thread, body="The answer.")
    operations.hide_post(rude, by_id=a_member(role="admin").id, reason="rude")
    operations.accept(thread, best, by_id=thread.author_id)
    question = schema_of(visitor, f"/threads/{thread.id}")["mainEntity"]
    assert "suggestedAnswer" not in question
    assert "Rude words" not in visitor.html


def test_what_is_shared_shows_title_and_words(app: Flask, visitor: Visitor, login_as: LoginAs) -> None:
    thread = a_thread(a_space("print"), title='A "title"', body="Some words. " * 40, tags=["vpn", "mail"])
    operations.edit_post(thread.posts[0], editor_id=thread.author_id, body="Other words. " * 400)
    page = schema_of(visitor, f"/threads/{thread.id}")
    said = {str(tag.get("property") or tag.get("name")): str(tag["content"]) for tag in visitor.select("meta[content]")}
    assert (said["og:title"], said["twitter:title"]) == ('A "title"', 'A "title"')
    assert said["og:description"].endswith("words.…")
    assert len(said["og:description"]) <= metadata.LONGEST_DESCRIPTION
    assert len(page["text"]) <= metadata.LONGEST_TEXT
    assert page["dateModified"] >= page["datePublished"]
    assert said["og:url"] == f"http://localhost/threads/{thread.id}"
    assert len(visitor.select("meta[property='article:tag']")) == 2
    a_member("ann")
    ann = login_as("ann")
    ann.get(f"/threads/{thread.id}")
    assert not ann.select("script[type='application/ld+json'], meta[property]")


def test_a_picture_without_a_word_is_called_by_its_author(app: Flask, visitor: Visitor) -> None:
    thread = a_thread(author=a_member("ann", name="Ann Lee"))
    thread.posts[0].html = "<p><img alt=''></p>"
    thread.touch()
    assert schema_of(visitor, f"/threads/{thread.id}")["text"] == "Ann Lee"
