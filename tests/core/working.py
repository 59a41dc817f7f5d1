"""A worker to be killed in the middle of a job; its arguments are a folder and the address of a database."""

import sys
import time
from pathlib import Path

from sqlalchemy import select

from community.accounts.models import Member
from community.core.app import create_app
from community.core.db import db
from community.core.jobs import enqueue, job, run_all
from community.core.settings import Settings

LINGER = Path("linger")


@job
def append_letter(home: str, email: str) -> None:
    """Write a letter into somebody's words, then say so and linger while the file `linger` is there."""
    member = db.session.scalars(select(Member).where(Member.email == email)).one()
    member.about += "x"
    db.session.flush()
    while (Path(home) / LINGER).exists():
        (Path(home) / "started").touch()
        time.sleep(0.02)


def enqueue_append(home: Path, email: str) -> None:
    """Have the job done by whichever worker runs."""
    enqueue(append_letter, home=str(home), email=email)


def main() -> None:
    """Do what is due."""
    home, url = Path(sys.argv[1]), sys.argv[2]
    run_all(create_app(Settings(home=home, secret_key="x" * 40, database_url=url), packages=("community",)))
