"""Watched words: found however they are written, tried before they are kept, and what is done about each."""

import pytest

from community.accounts.models import Member
from community.core.db import db
from community.forum.asking.templates import AskedField, set_fields
from community.forum.models import Post, Thread
from community.moderation.gates.models import WatchedWord
from community.moderation.gates.watching import forms_of, masked, spans_of_pattern, spans_of_word
from community.moderation.models import Case
from community.spaces.models import Space
from tests.conftest import LoginAs
from tests.visit import Visitor

from .conftest import asks, waiting


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("赌博", "来 赌\u200b博 吧"),
        ("赌博", "賭 博"),
        ("赌博", "赌**博"),
        ("软件", "盜版軟體下載"),
        ("软件", "軟 體"),
        ("軟體", "盗版软件"),
        ("印表機", "打印机"),
        ("cheap", "ｃｈｅａｐ pills"),
        ("cheap", "CHEAP!"),
        ("viagra", "v.i.a.g.r.a"),
        ("viagra", "v\u200bi\u00ada\u0301gra"),
        ("viagra", "买viagra吧"),
        ("free money", "Free\n  money now"),
        ("加vx", "加*V*X"),
    ],
)
def test_a_word_is_found_however_it_is_written(word: str, text: str) -> None:
    assert spans_of_word(word, forms_of(text))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("cheap", "the cheapest"),
        ("赌博", "打赌，博物馆"),
        ("ass", "as s"),
        ("ass", "class"),
        ("free money", "freemoney"),
    ],
)
def test_a_word_is_not_found_within_others(word: str, text: str) -> None:
    assert not spans_of_word(word, forms_of(text))


def test_what_is_masked_is_the_word_and_nothing_else() -> None:
    text = "来 賭\u200b博 吧"
    assert masked(text, spans_of_word("赌博", forms_of(text))) == "来 ■■■ 吧"
    text = "Call １３８００１３８０００ now"
    assert masked(text, spans_of_pattern(r"1[3-9]\d{9}", text, forms_of(text))) == "Call ■■■■■■■■■■■ now"


@pytest.fixture
def boss(home: Space, login_as: LoginAs) -> Visitor:
    return login_as("boss")


def watch(boss: Visitor, text: str, action: str, status: int | None = None, look: str = "word", page: str = "") -> None:
    boss.get(page or "/spaces/home/manage/watched-words")
    boss.submit("#word-form", text=text, look=look, action=action, status=status)


def test_each_action_does_what_it_says(boss: Visitor, ann: Visitor) -> None:
    for text, action in (("casino", "refuse"), ("lottery", "hold"), ("crypto", "flag"), ("damn", "mask")):
        watch(boss, text, action)
    asks(ann, body="Come to the C.A.S.I.N.O with me.", status=422)
    assert "“C.A.S.I.N.O” is not published here" in ann.text
    assert "Come to the C.A.S.I.N.O with me." in ann.html
    asks(ann, "Something about a lottery", body="There is a damn lottery in the hall.")
    assert [(row.rule, row.found, row.body) for row in waiting()] == [
        ("watched", "lottery", "There is a ■■■■ lottery in the hall.")
    ]
    asks(ann, "Who pays with crypto here?", body="Nobody in this damn house does.")
    post = db.session.query(Post).one()
    assert post.body == "Nobody in this ■■■■ house does."
    case = db.session.query(Case).filter_by(kind="flag").one()
    assert (case.target_kind, case.target_id, case.rule) == ("thread", post.thread_id, "watched")
    boss.get(f"/review/{case.id}")
    assert "Found: “crypto”" in boss.text


def test_words_of_a_space_hold_there_and_those_of_all_everywhere(boss: Visitor, ann: Visitor) -> None:
    watch(boss, "casino", "refuse")
    watch(boss, "赌博", "refuse", page="/admin/watched-words")
    asks(ann, body="Come to the casino with me.", space="far")
    asks(ann, "Another question of mine", body="我们一起去賭博吧，大家都来看看这里有什么。", space="far", status=422)
    boss.get("/spaces/home/manage/watched-words")
    assert "1 word is watched for in every space" in boss.text


def test_a_pattern_is_tried_before_it_is_kept(boss: Visitor, ann: Visitor) -> None:
    watch(boss, "(a+)+$", "refuse", look="pattern", status=422)
    assert "takes too long" in boss.text
    watch(boss, "(", "refuse", look="pattern", status=422)
    watch(boss, "a*", "refuse", look="pattern", status=422)
    watch(boss, r"\bQ[0-9]{6,8}\b", "refuse", look="pattern")
    assert db.session.query(WatchedWord).count() == 1
    asks(ann, body="Write to my number Q1234567 today.", status=422)
    watch(boss, "***", "refuse", status=422)


def test_a_text_is_tried_and_kept_nowhere(boss: Visitor, login_as: LoginAs) -> None:
    watch(boss, "casino", "mask")
    boss.submit("#trial-form", trial="The ｃａｓｉｎｏ is open.")
    assert "The ■■■■■■ is open." in boss.text
    boss.submit("#trial-form", trial="The hall is open.")
    assert "Nothing is found in it." in boss.text
    word = db.session.query(WatchedWord).one()
    login_as("sue").post(f"/spaces/home/manage/watched-words/{word.id}/removal", status=404)
    boss.post(f"/spaces/far/manage/watched-words/{word.id}/removal", status=404)
    boss.post(f"/spaces/home/manage/watched-words/{word.id}/removal")
    assert db.session.query(WatchedWord).count() == 0


def ask_for_device(home: Space) -> None:
    by = db.session.query(Member).filter_by(handle="boss").one()
    set_fields(home, "question", [AskedField("device", "Which device?")], by_id=by.id)


def test_masks_stand_in_every_field_that_others_read(boss: Visitor, ann: Visitor, home: Space) -> None:
    watch(boss, "damn", "mask")
    ask_for_device(home)
    ann.get("/ask", space="home")
    given = {"field-device": "A damn lift", "fields-of": "home:question", "space": "home", "kind": "question"}
    given |= {"title": "The lift stands still", "body": "It has stood still since this morning.", "tags": "lift damn"}
    ann.post("/ask", {**given, "poll_options": "damn stairs\nwait"})
    thread = db.session.query(Thread).one()
    assert [field["value"] for field in thread.fields] == ["A ■■■■ lift"]
    assert thread.tags == ["lift"]
    ann.get(f"/threads/{thread.id}")
    assert "■■■■ stairs" in ann.text
    assert "damn" not in ann.text
    ann.get(f"/posts/{thread.posts[0].id}/edit")
    ann.submit("#edit-form", tags="lift damn stairs", reason="A damn mistake", **{"field-device": "Another damn lift"})
    assert (thread.tags, thread.fields[0]["value"]) == (["lift", "stairs"], "Another ■■■■ lift")
    ann.get(f"/posts/{thread.posts[0].id}/revisions")
    assert "A ■■■■ mistake" in ann.text


def test_what_no_longer_fits_masked_is_refused_beside_its_field(boss: Visitor, ann: Visitor) -> None:
    watch(boss, "damn", "mask")
    watch(boss, "dumb", "mask")
    asks(ann, poll_options="damn\ndumb", status=422)
    assert "Two options are the same." in ann.text
    assert db.session.query(Thread).count() == 0


def test_a_refusal_stands_beside_the_title_where_the_word_is_there(boss: Visitor, ann: Visitor) -> None:
    watch(boss, "casino", "refuse")
    asks(ann, "Who comes to the casino?", body="It opens today in the hall.", status=422)
    assert "“casino” is not published here" in ann.select("#title-error")[0].get_text()
    asks(ann, tags="casino", status=422)
    assert "“casino” is not published here" in ann.select("#body-error")[0].get_text()


def test_what_stood_in_fields_and_tags_is_not_asked_about_again(boss: Visitor, ann: Visitor, home: Space) -> None:
    ask_for_device(home)
    given = {"field-device": "The casino lift", "fields-of": "home:question", "tags": "lottery"}
    given |= {"title": "The lift stands still", "body": "It stands still since this morning."}
    ann.get("/ask", space="home")
    ann.post("/ask", given | {"space": "home", "kind": "question"})
    thread = db.session.query(Thread).one()
    watch(boss, "casino", "refuse")
    watch(boss, "lottery", "hold")
    ann.get(f"/posts/{thread.posts[0].id}/edit")
    ann.submit("#edit-form", body="It stands still since eight this morning.")
    assert thread.posts[0].body == "It stands still since eight this morning."
    assert waiting() == []


def test_the_subject_of_a_message_is_masked_too(boss: Visitor, ann: Visitor) -> None:
    watch(boss, "damn", "mask", page="/admin/watched-words")
    ann.get("/messages/new")
    ann.submit("#message-form", to="@sue", subject="A damn question", body="Why is that damn lift broken?")
    assert "A ■■■■ question" in ann.text
    assert "damn" not in ann.text
