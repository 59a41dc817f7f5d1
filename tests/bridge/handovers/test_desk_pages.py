"""Administration of connected desks: who sees it, what it takes, and that no key ever comes back."""

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.desks import connecting
from bridge.desks.contract import DeskKeyError, DeskRefusedError, DeskSettings, Health
from bridge.handovers.models import DeskRoute, ServiceDesk
from bridge.handovers.queries import active_of
from bridge.handovers.sealing import seal, unseal
from community.core.db import db
from tests.bridge.handovers.paper import Paper, PaperDesk
from tests.community.organisations.conftest import an_organisation
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.factories.bridge import a_query
from tests.visit import Visitor

KEY = "CANARY-push-key"
PAGES = (
    "/admin/desks",
    "/admin/desks/connect/paper",
    "/admin/desks/paper",
    "/admin/desks/paper/settings",
    "/admin/desks/paper/states",
    "/admin/desks/routes",
)
STAFF_PAGES = ("/desk/failures", "/desk/failures?desk=paper", "/desk/register", "/desk/register?desk=paper")


@pytest.fixture
def admin(login_as: LoginAs) -> Visitor:
    """An admin, signed in."""
    a_member("root", role="admin")
    return login_as("root")


@pytest.fixture
def agent(login_as: LoginAs) -> Visitor:
    """Somebody of the desk, signed in."""
    a_member("jonas", role="agent")
    return login_as("jonas")


def another_desk(name: str = "Other desk", **fields: object) -> ServiceDesk:
    """One more desk on paper."""
    speaker = db.session.scalars(select(ServiceDesk.speaker_id)).first() or a_member(role="agent").id
    made = ServiceDesk(key=name.split()[0].lower(), name=name, kind="paper", speaker_id=speaker, **fields)
    db.session.add(made)
    db.session.flush()
    return made


def refusing(moment: str) -> None:
    """A desk that takes no query."""
    if moment == "create":
        raise DeskRefusedError("unknown queue Community")


def test_only_admins_see_the_desks_and_staff_what_failed(
    app: Flask, desk: ServiceDesk, admin: Visitor, agent: Visitor, login_as: LoginAs
) -> None:
    a_query()
    a_member("ann")
    member = login_as("ann")
    for path in PAGES:
        admin.get(path)
        agent.get(path, status=404)
        member.get(path, status=404)
    for path in STAFF_PAGES:
        admin.get(path)
        agent.get(path)
        member.get(path, status=404)
    for path in ("/admin/desks/nowhere", "/desk/failures?desk=nowhere", "/admin/desks/connect/nothing"):
        admin.get(path, status=404)


def test_a_desk_is_connected_tested_and_changed_without_its_key_coming_back(
    app: Flask, desk: ServiceDesk, admin: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    admin.get("/admin/desks/connect/paper")
    admin.submit("#desk", name="Second desk", url="https://second.example", secret_push=KEY, speaker=desk.speaker_id)
    made = db.session.scalars(select(ServiceDesk).where(ServiceDesk.key == "second-desk")).one()
    assert unseal(made.sealed) == {"push": KEY}
    assert (made.alias_only, made.only_author, made.allow_private, made.enabled) == (True, True, False, True)
    seen = [admin.html]
    for path in (*PAGES, "/admin/desks/second-desk", "/admin/desks/second-desk/settings"):
        seen.append(admin.get(path).html)
    assert "Kept. Type a new one to replace it." in admin.text
    admin.submit("#desk", name="Renamed desk", people="real", posts="all", enabled=False)
    db.session.expire_all()
    assert (made.key, made.name, made.alias_only, made.only_author) == ("second-desk", "Renamed desk", False, False)
    assert (made.enabled, unseal(made.sealed)) == (False, {"push": KEY})
    assert not [page for page in seen if KEY in page or made.sealed in page]
    assert KEY not in caplog.text


def test_a_key_is_replaced_forgotten_and_asked_for_anew_when_the_server_changes(
    app: Flask, desk: ServiceDesk, admin: Visitor
) -> None:
    desk.sealed, desk.cursor = seal({"push": KEY}), "17"
    admin.get("/admin/desks/paper/settings")
    admin.submit("#desk", status=422, url="https://elsewhere.example")
    assert "Enter this again" in admin.select("#secret_push-error")[0].text
    admin.submit("#desk", url="https://elsewhere.example", secret_push="another")
    db.session.expire_all()
    assert (desk.url, unseal(desk.sealed)) == ("https://elsewhere.example", {"push": "another"})
    assert desk.cursor == "", "another server counts its changes otherwise"
    admin.get("/admin/desks/paper/settings")
    admin.submit("#desk", forget_push=True)
    db.session.expire_all()
    assert desk.sealed == ""


@pytest.mark.parametrize(
    ("url", "private", "why"),
    [
        ("ftp://desk.example", False, "no web address"),
        ("https://", False, "no web address"),
        ("https://desk.example:99999", False, "no web address"),
        ("https://me:word@desk.example", False, "fields of their own"),
        ("http://desk.example", False, "only asked over https"),
        ("", False, "Enter the address"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    app: Flask, desk: ServiceDesk, admin: Visitor, url: str, private: bool, why: str
) -> None:
    admin.get("/admin/desks/connect/paper")
    admin.submit("#desk", status=422, name="Second", url=url, secret_token=KEY, allow_private=private)
    assert why in admin.select("#url-error")[0].text
    assert KEY not in admin.html
    assert db.session.scalar(select(ServiceDesk.id).where(ServiceDesk.name == "Second")) is None


def test_it_is_said_how_many_queries_are_carried_at_once(app: Flask, desk: ServiceDesk, admin: Visitor) -> None:
    admin.get("/admin/desks/paper/settings")
    for wrong in ("0", "33", "some"):
        admin.submit("#desk", status=422, at_once=wrong)
        assert admin.select("#at_once-error")
    for entered, kept in (("9", 9), ("", 4)):
        admin.submit("#desk", at_once=entered)
        admin.get("/admin/desks/paper/settings")
        db.session.expire_all()
        assert (desk.at_once, admin.select("#at_once")[0]["value"]) == (kept, str(kept))


def test_a_desk_of_our_own_network_may_be_asked_without_encryption(
    app: Flask, desk: ServiceDesk, admin: Visitor
) -> None:
    admin.get("/admin/desks/connect/paper")
    admin.submit("#desk", name="Inner", url="http://desk.internal:8080/", allow_private=True)
    assert "any machine in your own network" in admin.text
    made = db.session.scalars(select(ServiceDesk).where(ServiceDesk.key == "inner")).one()
    assert (made.url, made.allow_private) == ("http://desk.internal:8080", True)


@pytest.mark.parametrize("kind", ["rt", "roundup", "django_helpdesk", "file:roundup", "file:django-helpdesk"])
def test_each_kind_asks_for_what_it_needs(app: Flask, desk: ServiceDesk, admin: Visitor, kind: str) -> None:
    admin.get("/admin/desks")
    assert f"/admin/desks/connect/{kind}" in admin.links()
    admin.get(f"/admin/desks/connect/{kind}")
    needed = [
        field for field in admin.select("#desk input[required]") if str(field["id"]).startswith(("option", "sec"))
    ]
    assert needed
    admin.submit("#desk", status=422, url="https://desk.example", **{str(field["name"]): "" for field in needed})
    for field in needed:
        assert "Enter this" in admin.select(f"#{field['id']}-error")[0].text
    admin.submit("#desk", url="https://desk.example", **{str(field["name"]): "1" for field in needed})
    made = db.session.scalars(select(ServiceDesk).where(ServiceDesk.kind == kind)).one()
    kept = {f"option_{name}" for name in made.options} | {f"secret_{name}" for name in unseal(made.sealed)}
    assert {str(field["name"]) for field in needed} <= kept
    admin.get(f"/admin/desks/{made.key}/states")


class Asked(PaperDesk):
    """Says what it was asked with, as careless desks do."""

    def health(self) -> Health:
        secret = self.settings.secrets.get("token", "")
        if secret == "odd":
            raise TypeError("list indices must be integers")
        if secret:
            raise DeskKeyError(f"401 no such token {secret}")
        return Health("bridge", "Paper 1.0")


def test_testing_asks_the_desk_and_shows_its_words_without_the_key(
    app: Flask, desk: ServiceDesk, paper: Paper, admin: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[DeskSettings] = []

    def connect(settings: DeskSettings) -> PaperDesk:
        asked.append(settings)
        return Asked(settings, paper)

    monkeypatch.setitem(connecting.KINDS, "paper", connect)
    admin.get("/admin/desks/connect/paper")
    admin.submit("#desk", button="Test", url="https://desk.example")
    assert "knows us as bridge (Paper 1.0)" in admin.text
    admin.submit("#desk", button="Test", url="https://desk.example", secret_token=KEY)
    assert "401 no such token (key)" in admin.text
    assert KEY not in admin.html
    assert asked[-1].secrets == {"token": KEY}
    admin.submit("#desk", button="Test", url="https://desk.example", secret_token="odd")
    assert "not like a desk of this kind" in admin.text
    admin.submit("#desk", button="Test", status=422, url="nonsense")
    assert len(asked) == 3
    assert db.session.scalar(select(ServiceDesk.id).where(ServiceDesk.key != "paper")) is None


def test_testing_by_script_answers_with_a_fragment_and_admits_nobody_else(
    app: Flask, desk: ServiceDesk, admin: Visitor, agent: Visitor
) -> None:
    script = {"X-Requested-With": "fetch"}
    typed = {"name": "x", "url": "https://desk.example", "speaker": desk.speaker_id, "language": "en"}
    typed |= {"people": "alias", "posts": "author"}
    admin.get("/admin/desks/connect/paper")
    admin.post("/admin/desks/trials/paper", typed, headers=script)
    assert "<html" not in admin.html
    assert "knows us as bridge" in admin.text
    admin.post("/admin/desks/trials/paper", typed | {"url": "x"}, headers=script)
    assert "Not asked yet" in admin.text
    agent.get("/desk")
    agent.post("/admin/desks/trials/paper", typed, status=404, headers=script)
    agent.post("/admin/desks/paper/trial", status=404)


def test_kept_keys_are_not_sent_to_another_server_by_a_test(
    app: Flask, desk: ServiceDesk, paper: Paper, admin: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[DeskSettings] = []
    monkeypatch.setitem(
        connecting.KINDS, "paper", lambda settings: asked.append(settings) or PaperDesk(settings, paper)
    )
    admin.get("/admin/desks/paper/settings")
    admin.submit("#desk", button="Test")
    assert asked[-1].secrets == {"push": "sign-1"}
    admin.submit("#desk", button="Test", status=422, url="https://thief.example")
    admin.post("/admin/desks/trials/roundup?desk=paper", {"url": "https://desk.example"}, status=404)
    assert len(asked) == 1
    admin.get("/admin/desks/paper")
    admin.submit("/admin/desks/paper/trial")
    assert "knows us as bridge" in admin.text
    assert asked[-1].secrets == {"push": "sign-1"}


def test_keys_that_cannot_be_opened_are_asked_for_again(app: Flask, desk: ServiceDesk, admin: Visitor) -> None:
    desk.sealed = "sealed under another secret"
    for path in PAGES:
        admin.get(path)
    admin.get("/admin/desks/paper")
    admin.submit("/admin/desks/paper/trial")
    admin.get("/admin/desks/paper/settings")
    assert "Kept." not in admin.text
    admin.submit("#desk", secret_push="again")
    db.session.expire_all()
    assert unseal(desk.sealed) == {"push": "again"}


def test_routes_are_set_and_what_they_come_to_is_shown(app: Flask, desk: ServiceDesk, admin: Visitor) -> None:
    finance = a_space("finance", name="Finance")
    other = another_desk()
    admin.get("/admin/desks/routes")
    effect = {row.th.text: row.find_all("td") for row in admin.select("#effects ~ .scroll tbody tr")}
    assert effect["Incident"][0].text == "Paper desk"
    assert effect["Suspicious activity"][0].text == "The built-in desk"
    routes = {"rows-1-desk": other.id, "rows-1-query_class": "incident", "rows-1-space": finance.id}
    admin.submit("#routes", **routes)
    effect = {row.th.text: row.find_all("td") for row in admin.select("#effects ~ .scroll tbody tr")}
    assert [cell.text for cell in effect["Incident"]] == ["Paper desk", "Finance: Other desk"]
    assert active_of(a_query(a_thread(finance)).id).desk_id == other.id
    admin.submit("#routes", **{"rows-0-desk": ""})
    assert db.session.scalars(select(DeskRoute.desk_id)).all() == [other.id]


def test_queries_of_an_organisations_people_go_to_a_desk_of_their_own(
    app: Flask, desk: ServiceDesk, admin: Visitor, run_jobs: RunJobs
) -> None:
    hall, acme, other = a_space("hall", name="Hall"), an_organisation("Acme"), another_desk()
    lena = a_member("lena")
    lena.organisation_id = acme.id
    admin.get("/admin/desks/routes")
    admin.submit("#routes", **{"rows-1-desk": str(desk.id), "rows-1-space": str(hall.id)})
    admin.submit("#routes", **{"rows-2-desk": str(other.id), "rows-2-organisation": str(acme.id)})
    effect = {row.th.text: row.find_all("td") for row in admin.select("#effects ~ .scroll tbody tr")}
    assert [cell.text for cell in effect["Incident"]] == ["Paper desk", "Acme: Other desk"]
    assert active_of(a_query(a_thread(hall, lena)).id).desk_id == other.id
    assert active_of(a_query(a_thread(hall)).id).desk_id == desk.id
    admin.post("/admin/organisations/acme/deletion")
    run_jobs()
    assert db.session.scalars(select(DeskRoute.organisation_id)).all() == [None, None]
    assert active_of(a_query(a_thread(hall, lena)).id).desk_id == desk.id


def test_two_routes_for_the_same_are_refused(app: Flask, desk: ServiceDesk, admin: Visitor) -> None:
    admin.get("/admin/desks/routes")
    admin.submit("#routes", status=422, **{"rows-1-desk": desk.id})
    assert "only one of them can hold" in admin.text
    assert db.session.query(DeskRoute).count() == 1


def test_the_words_of_a_desk_are_checked_against_ours(
    app: Flask, desk: ServiceDesk, paper: Paper, admin: Visitor, run_jobs: RunJobs
) -> None:
    a_query()
    run_jobs()
    admin.get("/admin/desks/paper/states")
    assert "understood as New" in admin.text
    admin.submit("#states", status=422, **{"rows-1-ours": "resolved"})
    assert "Write the desk's word for “Resolved”." in admin.text
    admin.submit("#states", status=422, **{"rows-0-ours": "closed", "rows-1-word": "new", "rows-1-ours": "resolved"})
    assert "“new” stands there twice." in admin.text
    admin.submit("#states", **{"rows-0-ours": "on_hold", "rows-1-word": "fixed", "rows-1-ours": "resolved"})
    db.session.expire_all()
    assert desk.statuses == {"new": "on_hold", "fixed": "resolved"}


def test_pages_ask_the_same_number_of_times_however_much_there_is(
    app: Flask,
    desk: ServiceDesk,
    paper: Paper,
    admin: Visitor,
    run_jobs: RunJobs,
    count_statements: CountStatements,
) -> None:
    paper.trouble = refusing
    query = a_query()
    run_jobs()
    paths = ("/admin/desks", *PAGES[2:], *STAFF_PAGES, f"/desk/queries/{query.id}")

    def counted() -> list[int]:
        numbers = []
        for path in paths:
            with count_statements() as sql:
                admin.get(path)
            numbers.append(len(sql))
        return numbers

    counted()
    before = counted()
    for number in range(5):
        another_desk(f"D{number} desk").routes = [DeskRoute(query_class="complaint", position=number)]
        a_query()
    run_jobs()
    assert counted() == before


def test_a_desk_by_mail_needs_an_address_and_no_web(app: Flask, login_as: LoginAs) -> None:
    a_member("boss", role="admin")
    speaker = a_member("team", role="agent")
    boss = login_as("boss")
    boss.get("/admin/desks/connect/mail")
    assert not boss.page.soup.select("[name=url], [name=allow_private]")
    wrong = {"name": "Post", "speaker": str(speaker.id), "language": "en", "option_address": "nobody"}
    boss.post("/admin/desks/connect/mail", wrong, status=422)
    assert "This is no mail address." in boss.text
    boss.submit("#desk", name="Post", speaker=str(speaker.id), option_address="desk@desk.example")
    made = db.session.scalars(select(ServiceDesk)).all()
    assert [desk.kind for desk in made if desk.options["address"] == "desk@desk.example"] == ["mail"]
