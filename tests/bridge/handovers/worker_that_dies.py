"""A worker as a process of its own, to be killed at any moment: `python -m ... FOLDER`, told what to do by its files.

It carries as many hand-overs at once as a desk may have.

`settings.json` says where the data is; `ready` appears once it works. While `down` exists, no desk answers; while
`shaky` exists, one answer in five is lost after the desk has done what was asked, which `lost` writes down.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from bridge.desks import connecting
from bridge.desks.contract import Desk, DeskSettings, DeskUnreachableError
from bridge.handovers import leases
from bridge.handovers.models import AT_ONCE
from bridge.handovers.sending import resume
from community.core import jobs
from community.core.app import create_app
from community.core.db import transaction
from community.core.settings import Settings

ASKS = ("find_by_ref", "create", "get", "add_comment", "set_status", "set_priority", "fetch_file", "changes_since")


class Shaky:
    """A desk behind a connection that breaks."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk, self._folder = desk, folder

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._desk, name)
        return self._breaking(asked) if name in ASKS else asked

    def _breaking(self, asked: Callable[..., object]) -> Callable[..., object]:
        def ask(*arguments: object) -> object:
            if (self._folder / "down").exists():
                raise DeskUnreachableError("nobody answers")
            answer = asked(*arguments)
            if (self._folder / "shaky").exists() and random.random() < 0.2:
                with (self._folder / "lost").open("a") as lost:
                    lost.write(f"{asked.__name__}\n")
                raise DeskUnreachableError("the answer was lost")
            return answer

        return ask


def behind(make: Callable[[DeskSettings], Desk], folder: Path) -> Callable[[DeskSettings], Any]:
    """The same desk, behind a connection that breaks."""
    return lambda settings: Shaky(make(settings), folder)


def main(folder: Path) -> None:
    """Work until killed."""
    kept = json.loads((folder / "settings.json").read_text())
    known = {each.name for each in fields(Settings)}
    settings = Settings(**{key: value for key, value in kept.items() if key in known} | {"home": Path(kept["home"])})
    # What is under way when a worker dies ends within a second here, so that leases need not last longer.
    leases.LEASE = jobs.LEASE = timedelta(seconds=3)
    for kind, make in list(connecting.KINDS.items()):
        connecting.KINDS[kind] = behind(make, folder)
    app = create_app(settings)
    (folder / "ready").touch()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while True:
            with app.app_context(), transaction():
                jobs.enqueue(resume)
            for each in [threads.submit(jobs.run_all, app) for _number in range(AT_ONCE)]:
                each.result()
            time.sleep(0.2)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
