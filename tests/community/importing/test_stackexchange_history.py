"""History that became no revision is kept or left out, and counted by the row on either database."""

from pathlib import Path

from tests.community.importing import stackexchange_dumps as dumps
from tests.community.importing.conftest import Import


def test_history_that_is_kept_or_left_out_is_counted_by_the_row(tmp_path: Path, bring_in: Import) -> None:
    folder = dumps.write_dump(
        tmp_path / "dump",
        Users=[dumps.user(1, "Ann")],
        Posts=[dumps.question(1, 1, "A", "<p>a</p>")],
        PostHistory=[
            *(dumps.entry(number, 1, 10, "closed") for number in range(1, 4)),
            *(dumps.entry(number, 404, 2, "lost") for number in range(4, 9)),
        ],
    )
    summary = bring_in(folder)
    assert summary.imported["revisions and history"] == 3
    assert summary.skipped["revisions and history", "the post is not in the dump"] == 5
