"""Building the index again: few commits, and nothing left out."""

import pytest
from flask import Flask

from community.core import indexing
from community.core.db import transaction
from tests.conftest import RunJobs
from tests.factories import a_thread


@pytest.mark.parametrize(("documents", "characters"), [(2, 1_000_000), (100, 1), (100, 1_000_000)])
def test_a_rebuild_brings_everything_over(
    app: Flask, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch, documents: int, characters: int
) -> None:
    monkeypatch.setattr(indexing, "BATCH", 1)
    monkeypatch.setattr(indexing, "LARGE_BATCH", documents)
    monkeypatch.setattr(indexing, "LARGE_SIZE", characters)
    for _number in range(5):
        a_thread()
    run_jobs()
    indexing.index().clear()
    with transaction(read_only=True):
        told = dict(indexing.rebuild())
    assert told["thread"] == 5
    assert indexing.index().count() == 5
