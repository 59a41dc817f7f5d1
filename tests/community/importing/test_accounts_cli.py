"""`isthmus import accounts`: an operator's list gives imported members the addresses of their people."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from community.accounts.models import Member
from community.accounts.operations import set_password
from community.core import cli as kernel
from community.core.db import db
from community.core.events import EventRecord
from community.core.jobs import Delivery
from community.importing import cli
from tests.community.importing import stackexchange_dumps as dumps
from tests.community.importing.conftest import Import
from tests.factories import a_member


@pytest.fixture(autouse=True)
def _imported(monkeypatch: pytest.MonkeyPatch, app: Flask, tmp_path: Path, bring_in: Import) -> None:
    monkeypatch.setattr(kernel, "application", lambda: app)
    bring_in(dumps.small_dump(tmp_path / "dump"))


def run(folder: Path, text: str, *options: str) -> Result:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    db.session.commit()
    result = CliRunner().invoke(cli.import_group, ["accounts", str(path), *options])
    db.session.expire_all()
    return result


def attached() -> dict[str, str]:
    """Addresses that do not come from the import, by handle."""
    rows = db.session.execute(select(Member.handle, Member.email).where(~Member.email.endswith(".invalid")))
    return {row.handle: row.email for row in rows}


def test_addresses_are_attached_by_old_id_or_name_and_stay_unconfirmed(tmp_path: Path) -> None:
    rows = ("Email, Name, ID", "Ann@Example.org,,1", "rider@example.org,骑车人,", ",,", "g@example.org,gone9,")
    result = run(tmp_path, "\ufeff" + "\n".join(rows))
    assert (result.exit_code, result.output) == (
        0,
        "3 addresses attached, 0 were there before, 0 lines not used\n",
    )
    gone = db.session.scalars(select(Member.handle).where(Member.name == "gone9")).one()
    assert attached() == {"ann-lee": "ann@example.org", "user-3": "rider@example.org", gone: "g@example.org"}
    members = list(db.session.scalars(select(Member)))
    assert {(member.password_hash, member.email_confirmed_at) for member in members} == {("", None)}
    facts = list(db.session.scalars(select(EventRecord).where(EventRecord.name == "accounts.account.offered")))
    assert len(facts) == 3
    assert "example.org" not in str([fact.payload for fact in facts])
    letters = select(func.count()).select_from(Delivery).where(Delivery.handler.contains("email"))
    assert db.session.scalar(letters) == 0


def test_the_same_list_again_changes_nothing_even_after_a_claim(tmp_path: Path) -> None:
    text = "id,email\n1,ann@example.org\n3,rider@example.org\n"
    run(tmp_path, text)
    set_password(db.session.scalars(select(Member).where(Member.handle == "ann-lee")).one(), "seven slow rivers bend")
    before = attached()
    result = run(tmp_path, text)
    assert (result.exit_code, result.output) == (
        0,
        "0 addresses attached, 2 were there before, 0 lines not used\n",
    )
    assert attached() == before


UNUSABLE = {
    "404,,lost@example.org": "no imported member has the id 404",
    ",Nobody,lost@example.org": "no imported member has the name Nobody",
    ",Ann Lee,ann@example.org": "more than one imported member has the name Ann Lee; use their ids",
    "1,Bo,ann@example.org": "the id 1 is Ann Lee, not Bo",
    "1,,not an address": "not an address is not an e-mail address: ",
    "1,,": "nothing is not an e-mail address: ",
    "1,,se-3@dump.import.invalid": "se-3@dump.import.invalid is not an e-mail address: ",
    ",,ann@example.org": "neither an id nor a name",
    "1,Ann Lee,BOSS@example.org": "BOSS@example.org: This address belongs to another account. ",
    "-1,,other@example.org": "other@example.org: This account is in use already; ",
    "3,骑车人,r2@example.org": "r2@example.org: Another address was attached to this account before. ",
    "2,,rider@example.org": "rider@example.org: This address belongs to another account. ",
}


def test_each_line_that_cannot_be_used_is_named_with_its_reason(tmp_path: Path) -> None:
    a_member("boss", email="boss@example.org")
    claimed = db.session.scalars(select(Member).where(Member.handle == "community")).one()
    claimed.email = "com@example.org"
    set_password(claimed, "seven slow rivers bend")
    result = run(tmp_path, "\n".join(["id,name,email", '3,"骑车人",rider@example.org', *UNUSABLE]))
    assert result.exit_code == 1
    *lines, last = result.output.splitlines()
    assert len(lines) == len(UNUSABLE)
    for number, (line, reason) in enumerate(zip(lines, UNUSABLE.values(), strict=True), 3):
        assert line.startswith(f"line {number}: {reason}")
    assert last == "1 addresses attached, 0 were there before, 12 lines not used"
    assert attached() == {"boss": "boss@example.org", "community": "com@example.org", "user-3": "rider@example.org"}


def test_an_id_of_two_imports_needs_the_name_of_one(tmp_path: Path, bring_in: Import) -> None:
    bring_in(dumps.small_dump(tmp_path / "other"))
    result = run(tmp_path, "id,email\n3,rider@example.org\n")
    assert (result.exit_code, result.output.splitlines()[0]) == (
        1,
        "line 2: more than one imported member has the id 3; say which import with --source",
    )
    result = run(tmp_path, "id,email\n3,rider@example.org\n", "--source", "other")
    assert result.exit_code == 0
    result = run(tmp_path, "id,email\n3,rider@example.org\n", "--source", "stackexchange:other")
    assert "1 were there before" in result.output
    result = run(tmp_path, "id,email\n3,rider@example.org\n", "--source", "third")
    assert (result.exit_code, result.output) == (
        1,
        "Error: no import is called third; there are: stackexchange:dump, stackexchange:other\n",
    )


@pytest.mark.parametrize("text", ["", "name,address\nAnn,a@example.org\n", "email\na@example.org\n"])
def test_a_file_without_the_columns_is_one_line(tmp_path: Path, text: str) -> None:
    result = run(tmp_path, text)
    assert (result.exit_code, result.output) == (
        1,
        "Error: the first line must name the columns: email, and id or name (or both)\n",
    )


def test_a_file_that_is_no_text_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(b"id,email\n\xff\xfe1,a@example.org\n")
    result = CliRunner().invoke(cli.import_group, ["accounts", str(tmp_path / "list.csv")])
    assert (result.exit_code, len(result.output.splitlines())) == (1, 1)
    assert "is not a CSV file in UTF-8" in result.output


def test_somebody_who_wrote_the_same_meanwhile_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def collide(*_arguments: object, **_options: object) -> None:
        raise IntegrityError("UPDATE", {}, Exception("UNIQUE"))

    monkeypatch.setattr(cli, "attach_addresses", collide)
    result = run(tmp_path, "id,email\n1,a@example.org\n")
    assert (result.exit_code, result.output.splitlines()) == (1, [f"Error: {cli.MEANWHILE}"])
