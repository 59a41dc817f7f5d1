import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from community.importing.stackexchange.reading import MalformedDumpError, Row, read_rows
from tests.community.importing.stackexchange_dumps import write_file


def rows_of(path: Path) -> list[Row]:
    return list(read_rows(path, lambda _done, _total: None))


def written(tmp_path: Path, text: str | bytes, name: str = "Users.xml") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_rows_come_with_their_lines_and_text(tmp_path: Path) -> None:
    path = write_file(tmp_path, "Users", [{"Id": 1, "DisplayName": 'A "b" <c> & 你'}, {"Id": 2, "New": "x"}])
    first, second = rows_of(path)
    assert (first.line, second.line) == (3, 4)
    assert first.text("DisplayName") == 'A "b" <c> & 你'
    assert second.number("Id") == 2
    assert second.text("DisplayName") == ""


def test_lines_are_exact_beyond_65535(tmp_path: Path) -> None:
    path = write_file(tmp_path, "Votes", ({"Id": number} for number in range(70_000)))
    *_, last = read_rows(path, lambda _done, _total: None)
    assert (last.line, last.number("Id")) == (70_002, 69_999)


def test_progress_ends_at_the_size_of_the_file(tmp_path: Path) -> None:
    path = write_file(tmp_path, "Votes", ({"Id": number} for number in range(1000)))
    seen: list[tuple[int, int]] = []
    list(read_rows(path, lambda done, total: seen.append((done, total))))
    size = path.stat().st_size
    assert seen[-1] == (size, size)
    assert seen == sorted(seen)


def test_columns_are_typed(tmp_path: Path) -> None:
    path = write_file(tmp_path, "Users", [{"Id": -1, "Score": "-7", "At": "2020-01-02T03:04:05.678", "E": ""}])
    (row,) = rows_of(path)
    assert row.required("Id") == -1
    assert row.count("Score") == 0
    assert row.moment("At") == datetime(2020, 1, 2, 3, 4, 5, 678000, UTC)
    assert row.number("E") is None
    assert row.moment("E") is None
    assert row.count("Missing") == 0


@pytest.mark.parametrize("value", ["x", "1.5", "٣", "9" * 19, "1e3"])
def test_a_wrong_number_names_its_place(tmp_path: Path, value: str) -> None:
    (row,) = rows_of(write_file(tmp_path, "Users", [{"Id": value}]))
    with pytest.raises(MalformedDumpError, match=r"Users\.xml, line 3: Id is not a whole number"):
        row.required("Id")


def test_missing_and_wrong_columns_are_faults(tmp_path: Path) -> None:
    (row,) = rows_of(write_file(tmp_path, "Users", [{"At": "yesterday"}]))
    with pytest.raises(MalformedDumpError, match="line 3: Id is missing"):
        row.required("Id")
    with pytest.raises(MalformedDumpError, match="line 3: At is not a date"):
        row.required_moment("At")
    with pytest.raises(MalformedDumpError, match="line 3: Other is missing"):
        row.required_moment("Other")


HOSTILE = {
    "cut off": '<users>\n<row Id="1"/>\n<row Id="2',
    "no end": '<users>\n<row Id="1"/>',
    "not XML": "hello",
    "nothing": "",
    "another file": '<votes><row Id="1"/></votes>',
    "another element": '<users><record Id="1"/></users>',
    "a row in a row": '<users><row Id="1"><row Id="2"/></row></users>',
    "double column": '<users><row Id="1" Id="2"/></users>',
    "a zero byte": '<users><row Id="1\0"/></users>',
    "entities": '<!DOCTYPE users [<!ENTITY a "x">]><users><row Id="&a;"/></users>',
    "a bomb": '<!DOCTYPE users [<!ENTITY a "xxxx"><!ENTITY b "&a;&a;&a;">]><users><row A="&b;"/></users>',
    "a file of the server": '<!DOCTYPE users [<!ENTITY a SYSTEM "file:///etc/passwd">]><users>&a;</users>',
    "an unknown entity": '<users><row Id="&nbsp;"/></users>',
    "deep": "<users>" + "<row>" * 5000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_stop_with_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(MalformedDumpError, match=r"^.*Users\.xml, line \d+: [^\n]+$"):
        rows_of(written(tmp_path, text))


def test_a_fault_names_the_line_where_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, '<users>\n<row Id="1"/>\n<row Id=2/>\n</users>')
    with pytest.raises(MalformedDumpError, match="line 3: "):
        rows_of(path)


def test_wrong_bytes_are_a_fault(tmp_path: Path) -> None:
    with pytest.raises(MalformedDumpError):
        rows_of(written(tmp_path, b'<users>\n<row Id="1" DisplayName="\xff\xfe"/>\n</users>'))


def test_a_value_beyond_ten_million_characters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedDumpError):
        rows_of(written(tmp_path, '<users><row A="' + "x" * 10_500_000 + '"/></users>'))


def test_comments_and_instructions_are_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, '<users><!-- x --><?php x ?><row Id="1"/></users>')
    assert [row.number("Id") for row in rows_of(path)] == [1]


MEASURE = """
import re, sys
from pathlib import Path
from community.importing.stackexchange.reading import read_rows
sum(1 for _ in read_rows(Path(sys.argv[1]), lambda done, total: None))
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def kilobytes_to_read(folder: Path, rows: int) -> int:
    folder.mkdir()
    path = write_file(folder, "Posts", ({"Id": n, "Body": "x" * 2000} for n in range(rows)))
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], cwd=root, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell a process's memory")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    small, large = kilobytes_to_read(tmp_path / "small", 500), kilobytes_to_read(tmp_path / "large", 20_000)
    assert large - small < 8_000
