"""The guide: it names every key, and its example is right and works with nothing but a file."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bridge.desks.contract import DeskStatus
from bridge.desks.declarative import schema
from bridge.desks.declarative.checking import check
from bridge.desks.declarative.commands import desk as commands
from bridge.desks.declarative.description import read_description, shipped
from bridge.desks.declarative.desk import connect

from .conftest import GUIDE, guide_file
from .kontor import kontor, settings_for
from .test_contract import a_query

JOURNEY = {
    "open": ("taken",),
    "taken": ("waiting", "solved"),
    "waiting": ("taken",),
    "solved": ("taken", "archived"),
    "archived": (),
}


Prove = Callable[..., Result]


@pytest.fixture
def prove(tmp_path: Path) -> Prove:
    """Runs `isthmus desk prove` with a file of this text."""

    def run(file: str, url: str, *more: str, answers: str = "key-of-the-bridge\n") -> Result:
        path = tmp_path / "desk.toml"
        path.write_text(file, encoding="utf-8")
        given = ["prove", str(path), "--url", url, "--private", "--option", "zone=Asia/Kathmandu", *more]
        return CliRunner().invoke(commands, given, input=answers)

    return run


def test_the_guide_names_every_key() -> None:
    table = GUIDE.read_text(encoding="utf-8").partition("## Every key")[2].partition("Names for templates")[0]
    named = set(re.findall(r"`(?:[a-z]+\.)*([a-z_]+)(?:\.[A-Z]+)?`", table))
    keys = {*schema.TOP, *schema.REQUEST, *schema.PAGING, *schema.STATUS_RULE}
    keys |= {key for section in schema.SECTIONS.values() for key in section.keys}
    assert keys - named == set()
    assert {name.split(".")[0] for name in schema.SECTIONS} <= set(re.findall(r"`([a-z]+)[.`]", table))


def test_the_files_that_come_along_are_right() -> None:
    assert set(shipped()) == {"django-helpdesk", "roundup"}
    assert check(guide_file()) == []


def test_the_example_is_proved_step_by_step(prove: Prove) -> None:
    with kontor() as (url, desk):
        ran = prove(guide_file(), url)
    assert ran.exit_code == 0, ran.output
    assert "ok     who we are: bridge 7.1" in ran.output
    assert "ok     a wrong key is refused: GET /whoami: 200 This key is not known" in ran.output
    assert "ok     private words do not come back: none came back" in ran.output
    assert "ok     a file comes back whole: “test ä中.txt” (text/plain), 1024 bytes" in ran.output
    assert "ok     the priority is set: set to 1, and back to 3" in ran.output
    assert "Everything works." in ran.output
    assert "key-of-the-bridge" not in ran.output
    assert [case["state"] for case in desk.cases.values()] == ["solved"]


MISTAKES = {
    "leak": ('public = "private = false"', 'public = "text"', "FAILED a private comment is taken: the words"),
    "open health": (
        'path = "/whoami"\naccount = "user.login"',
        'path = "/whoami"\naccount = "user.name"',
        "FAILED who",
    ),
    "not ours": (
        'own = "by.login = {account}"',
        'own = "by.name = {account}"',
        "FAILED a public comment comes back as ours",
    ),
    "key unnoticed": (
        "key_when = \"error.code = 'no-access'\"\n",
        "",
        "FAILED a wrong key is refused: refused, but not",
    ),
    "files not read": ('items = "files[*]"', 'items = "attachments[*]"', "FAILED a file comes back whole: the file"),
    "files not decoded": ('content = "data"\n', "", "FAILED a file comes back whole: file 1 is not what was sent"),
    "priority elsewhere": ('priority = "priority"\n', 'priority = "owner"\n', "FAILED the priority is set"),
    "no such status": ('resolved = "solved"', 'resolved = "gone"', "gone is no state"),
    "no note": (
        '[note]\npath = "/cases/{id}/journal"\njson = { text = "{text}", private = true }\n',
        "",
        "left   a private",
    ),
    "wrong zone": ('zone = "{option.zone}"', 'zone = "Pacific/Kiritimati"', "FAILED the cursor sees the changes"),
    "reference not read": (
        'ref = "{option.ref_field}"\n\n# `public`',
        'ref = "no"\n\n# `public`',
        "FAILED a query is created",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_found_at_the_desk(prove: Prove, mistake: str) -> None:
    right, wrong, words = MISTAKES[mistake]
    assert right in guide_file()
    with kontor() as (url, _desk):
        ran = prove(guide_file().replace(right, wrong), url)
    assert words in ran.output
    assert ran.exit_code == (0 if mistake == "no note" else 1)


def test_what_was_not_entered_is_named(prove: Prove) -> None:
    with kontor() as (url, _desk):
        assert "write NAME=VALUE" in prove(guide_file(), url, "--secret", "key").output
        assert "no such status: solved" in prove(guide_file(), url, "--status", "done=solved").output
        assert (
            "these options are not entered: zone"
            in prove(guide_file().replace('default = "UTC"', ""), url, "--option", "zone=").output
        )
        assert "line 4: “dask”" in prove(guide_file().replace("[desk]", "[dask]"), url).output
    assert "FAILED who we are" in prove(guide_file(), "http://127.0.0.1:9").output
    assert (
        "https" in prove(guide_file(), "ftp://desk").output
        or "no web address" in prove(guide_file(), "ftp://desk").output
    )


def test_statuses_are_reached_step_by_step() -> None:
    """By transitions: over others, and otherwise from where the query is now."""
    chains = """[status.write]
in_progress = "taken"
waiting_user = ["taken", "waiting"]
resolved = ["taken", "solved"]

[status.from.taken]
waiting_user = "waiting"
resolved = "solved"
"""
    file = re.sub(r"\[status\.write\]\n(?:\w+ = .*\n)+", chains, guide_file())
    with kontor(JOURNEY) as (url, _desk):
        there = connect(read_description(file), settings_for(url))
        made = there.create(a_query())
        assert there.capabilities().statuses == {DeskStatus.IN_PROGRESS, DeskStatus.WAITING_USER, DeskStatus.RESOLVED}
        for status in (DeskStatus.WAITING_USER, DeskStatus.RESOLVED, DeskStatus.IN_PROGRESS, DeskStatus.RESOLVED):
            there.set_status(made.id, status)
            assert there.get(made.id).status is status


def test_a_file_is_checked_line_by_line(tmp_path: Path) -> None:
    right, wrong, odd = (tmp_path / f"{name}.toml" for name in ("right", "wrong", "odd"))
    right.write_text(guide_file(), encoding="utf-8")
    wrong.write_text(guide_file().replace("account =", "acount ="), encoding="utf-8")
    odd.write_bytes(b"\xff")
    run = CliRunner()
    assert run.invoke(commands, ["check", str(right)]).exit_code == 0
    found = run.invoke(commands, ["check", str(wrong)])
    line = guide_file().split("account =")[0].count("\n") + 1
    assert (
        f"wrong.toml:{line}: “health.acount” is no key of a desk file: did you mean “health.account”?" in found.output
    )
    assert found.exit_code == 1
    assert "UTF-8" in run.invoke(commands, ["check", str(odd)]).output
