"""What is particular to one desk."""

from dataclasses import replace

import pytest

from bridge.desks.connectors import connect
from bridge.desks.contract import Desk, DeskKeyError, DeskRefusedError, DeskStatus, OutgoingFile

from .benches import Bench, DjangoHelpdeskBench, RtBench, desk_of
from .test_contract import a_comment, a_query

# The bench of one desk only.
RT, ROUNDUP, DJANGO_HELPDESK = (
    pytest.mark.parametrize("bench", [name], indirect=True, scope="session")
    for name in ("rt", "roundup", "django_helpdesk")
)


def with_options(bench: Bench, **options: str) -> Desk:
    return desk_of(bench, options={**bench.settings.options, **options})


# --- Request Tracker ---


@RT
def test_rt_takes_a_password_too(bench: Bench) -> None:
    secrets = {"password": "bridge-test-1"}
    assert with_secrets(bench, secrets, account="bridge").health().account == "bridge"
    with pytest.raises(DeskKeyError):
        with_secrets(bench, secrets).health()
    with pytest.raises(DeskKeyError):
        with_secrets(bench, {"token": "no token of RT"}, account="bridge").health()


def with_secrets(bench: Bench, secrets: dict[str, str], **options: str) -> Desk:
    return connect(replace(bench.settings, secrets=secrets, options={**bench.settings.options, **options}))


@RT
def test_rt_has_no_such_queue(bench: Bench) -> None:
    for queue in ("Nobody's", ""):
        with pytest.raises(DeskRefusedError):
            with_options(bench, queue=queue).health()


@RT
def test_rt_agents_write_html(bench: Bench, desk: Desk) -> None:
    assert isinstance(bench, RtBench)
    made = desk.create(a_query())
    bench.agent_replies_in_html(made.id, "<p>Install <b>5.2</b></p><script>x()</script>")
    assert [item.text for item in desk.get(made.id).comments] == ["Install **5.2**"]


# --- Roundup ---


@ROUNDUP
def test_roundup_gives_nothing_back_until_somebody_says_what_is_public(bench: Bench, desk: Desk) -> None:
    made = desk.create(a_query())
    unsaid = with_options(bench, public="")
    number = unsaid.add_comment(made.id, a_comment("Ours"))
    bench.agent_reply(made.id, "Public")
    bench.agent_note(made.id, "Private")
    assert unsaid.get(made.id).comments == ()
    with pytest.raises(DeskRefusedError, match="public"):
        unsaid.health()
    with pytest.raises(DeskRefusedError):
        unsaid.add_comment(made.id, a_comment("A note", public=False))
    everything = with_options(bench, public="all")
    assert everything.health().account == "bridge"
    seen = everything.get(made.id).comments
    assert seen[0].id == number
    assert [item.text for item in seen[1:]] == ["Public", "Private", "Private"]
    assert [item.text for item in desk.get(made.id).comments] == ["Public"]


@ROUNDUP
def test_roundup_without_our_fields(bench: Bench) -> None:
    desk = with_options(bench, url_property="", class_property="", priorities="critical, wish")
    assert desk.get(desk.create(a_query(priority=5)).id).status is DeskStatus.NEW


@ROUNDUP
def test_roundup_shows_no_such_account(bench: Bench) -> None:
    with pytest.raises(DeskKeyError):
        with_options(bench, account="nobody").health()


# --- django-helpdesk ---


@DJANGO_HELPDESK
def test_django_helpdesk_without_the_number_of_our_account(bench: Bench) -> None:
    desk = with_options(bench, user="")
    made = desk.create(a_query())
    desk.add_comment(made.id, a_comment("Ours"))
    bench.agent_reply(made.id, "Theirs")
    assert [item.own for item in desk.get(made.id).comments] == [True, False]


@DJANGO_HELPDESK
def test_django_helpdesk_looks_back_as_far_as_it_is_told(bench: Bench, desk: Desk) -> None:
    old, new = a_query(), a_query()
    for query in (old, new):
        desk.create(query)
    near = with_options(bench, search_depth="1")
    assert near.find_by_ref(old.ref) is None
    assert near.find_by_ref(new.ref)
    assert desk.find_by_ref(old.ref)


@DJANGO_HELPDESK
def test_django_helpdesk_takes_a_closed_ticket_up_again(bench: Bench, desk: Desk) -> None:
    made = desk.create(a_query())
    desk.set_status(made.id, DeskStatus.CLOSED)
    desk.set_status(made.id, DeskStatus.ON_HOLD)
    assert desk.get(made.id).raw_status == "on_hold"


@DJANGO_HELPDESK
def test_django_helpdesk_keeps_its_titles(bench: Bench, desk: Desk) -> None:
    assert isinstance(bench, DjangoHelpdeskBench)
    made = desk.create(a_query(title="Never renamed"))
    desk.add_comment(made.id, a_comment("A word"))
    desk.set_status(made.id, DeskStatus.RESOLVED)
    assert bench.title(made.id) == "Never renamed"


@DJANGO_HELPDESK
def test_django_helpdesk_reads_more_than_a_page(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.desks.connectors.django_helpdesk.PAGE", 8)
    desk = desk_of(bench)
    queries = [a_query() for _ in range(9)]
    made = [desk.create(query) for query in queries]
    assert [desk.find_by_ref(query.ref) for query in (queries[0], queries[-1])] == [made[0], made[-1]]
    cursor = desk.changes_since("").cursor
    for ref in made:
        bench.agent_reply(ref.id, "A word")
    assert sorted(desk.changes_since(cursor).ids) == sorted(ref.id for ref in made)


@DJANGO_HELPDESK
def test_django_helpdesk_takes_only_some_kinds_of_files(bench: Bench, desk: Desk) -> None:
    made = desk.create(a_query())
    good, bad = OutgoingFile("good.txt", "", b"good"), OutgoingFile("bad.exe", "", b"bad")
    with pytest.raises(DeskRefusedError, match="Unsupported file extension"):
        desk.add_comment(made.id, a_comment("Two files", files=(good, bad)))
    assert isinstance(bench, DjangoHelpdeskBench)
    assert bench.said(made.id) == []
    assert desk.get(made.id).comments == ()


@ROUNDUP
def test_roundup_without_priorities(bench: Bench) -> None:
    desk = with_options(bench, priorities=",")
    assert not desk.capabilities().priorities
    with pytest.raises(DeskRefusedError):
        desk.set_priority(desk.create(a_query()).id, 1)


@RT
def test_rt_keeps_every_kind_of_file_as_it_is(bench: Bench, desk: Desk) -> None:
    made = desk.create(a_query())
    contents = {"latin.txt": "é\r\n".encode("latin-1"), "mail.eml": b"Subject: x\n\nbody", "page.html": b"<b>x</b>"}
    desk.add_comment(made.id, a_comment("Some", files=tuple(OutgoingFile(*one) for one in with_types(contents))))
    (seen,) = desk.get(made.id).comments
    assert {file.name: desk.fetch_file(made.id, file.id) for file in seen.files} == contents
    assert seen.text.startswith("Some")


def with_types(contents: dict[str, bytes]) -> list[tuple[str, str, bytes]]:
    types = {"txt": "text/plain", "eml": "message/rfc822", "html": "text/html"}
    return [(name, types[name.rpartition(".")[2]], content) for name, content in contents.items()]
