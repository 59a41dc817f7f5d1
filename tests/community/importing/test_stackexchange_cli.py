from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.exc import IntegrityError

from community.core import cli as kernel
from community.importing import cli
from tests.community.importing import stackexchange_dumps as dumps


@pytest.fixture(autouse=True)
def _application_of_the_test(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    monkeypatch.setattr(kernel, "application", lambda: app)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.import_group, ["stackexchange", *arguments])


def test_without_a_terminal_each_step_is_a_line(tmp_path: Path) -> None:
    result = run(str(dumps.small_dump(tmp_path / "dump")), "--space", "Riders")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[:3] == ["Users: done", "Tags: done", "PostHistory: done"]
    assert "Threads: done" in lines
    assert "Imported into Riders:" in lines
    assert "Not imported:" in lines


def test_a_malformed_file_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    folder = dumps.small_dump(tmp_path / "dump")
    (folder / "Users.xml").write_text('<users>\n<row Id="1" DisplayName="a"/>\n<row Id="2\n')
    result = run(str(folder))
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1
    assert "Users.xml, line 3: " in result.output


def test_a_folder_that_is_no_dump_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    result = run(str(tmp_path))
    assert (result.exit_code, len(result.output.splitlines())) == (1, 1)
    assert "is not a Stack Exchange data dump" in result.output


def test_another_import_meanwhile_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def collide(*_arguments: object, **_options: object) -> None:
        raise IntegrityError("INSERT", {}, Exception("UNIQUE"))

    monkeypatch.setattr(cli, "import_stackexchange", collide)
    result = run(str(tmp_path))
    assert (result.exit_code, result.output.splitlines()) == (1, [f"Error: {cli.MEANWHILE}"])


def test_on_a_terminal_there_is_a_bar_for_each_step(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with cli.progress() as report:
        report("Users", 1, 2)
        report("Users", 2, 2)
        report("Votes", 0, 0)
    shown = capsys.readouterr().out
    assert "Users" in shown
    assert "100%" in shown
    assert "Votes" in shown
