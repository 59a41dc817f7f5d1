import os
from pathlib import Path

import pytest
from whoosh.filedb.filestore import FileStorage

from community.core.search.whoosh_files import MappedFolder


def test_a_segment_is_read_as_any_other_file(tmp_path: Path) -> None:
    with FileStorage(str(tmp_path)).create_file("a.seg") as file:
        file.write_pickle({"key": "x" * 2000})
        file.write_string2(b"first line\nsecond")
        file.write_int(-7)
        file.write_long(2**40)
    plain = FileStorage(str(tmp_path)).open_file("a.seg")
    mapped = MappedFolder(str(tmp_path)).open_file("a.seg")
    for file in (plain, mapped):
        assert file.read_pickle() == {"key": "x" * 2000}
        line = file.tell()
        assert file.read_string2() == b"first line\nsecond"
        assert (file.read_int(), file.read_long()) == (-7, 2**40)
        assert file.read(5) == b""
        file.seek(line + 2)
        assert [file.readline(), file.readline(), file.readline()][0] == b"first line\n"
        file.seek(-12, os.SEEK_END)
        assert file.read_int() == -7
        assert file.get_array(file.tell(), "q", 1)[0] == 2**40
    assert mapped.subset(0, 3).read() == plain.get(0, 3)
    plain.close()
    mapped.close()


def test_what_is_not_there_or_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.seg").touch()
    with pytest.raises(ValueError, match="empty"):
        MappedFolder(str(tmp_path)).open_file("empty.seg")
    with pytest.raises(FileNotFoundError):
        MappedFolder(str(tmp_path)).open_file("missing.seg")
