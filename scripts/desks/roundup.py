"""Roundup from its Python package: a classic tracker with fields for our references and public messages."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .common import HERE, Running, done, free_port, installed, scratch, started, virtualenv

FILES = HERE / "roundup_files"
PACKAGE = "roundup==2.6.0"
SECRETS = {"bridge": "bridge-test-1", "agent": "agent-test-1", "admin": "admin-test-1", "push": "push-test-1"}
CONFIGURED = {
    "password_pbkdf2_default_rounds": "1000",  # quick passwords
    "api_failed_login_limit": "0",  # tests use wrong keys on purpose
}


@contextmanager
def serve(hook: str = "") -> Iterator[Running]:
    """A tracker of its own for this run; with `hook`, it pushes every change to that address."""
    made = installed(PACKAGE, FILES, _install)
    with scratch("roundup") as home:
        shutil.copytree(made / "tracker", home / "tracker")
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        _configure(home / "tracker", web=f"{url}/")
        command: list[str | Path] = [made / "venv/bin/python", FILES / "serve.py", home / "tracker", str(port)]
        pushing = {"BRIDGE_HOOK_URL": hook, "BRIDGE_HOOK_SECRET": SECRETS["push"]}
        with started(command, f"{url}/", home, pushing):
            yield Running(url, home, SECRETS)


def _install(folder: Path) -> None:
    programs = virtualenv(folder, PACKAGE)
    tracker = folder / "tracker"
    admin: list[str | Path] = [programs / "roundup-admin", "-i", tracker]
    outbox = folder / "outbox.txt"
    outbox.touch()
    options = f"tracker_web=http://127.0.0.1/,mail_domain=desk.test,mail_host=localhost,mail_debug={outbox}"
    done([*admin, "install", "classic", "sqlite", f"{options},admin_email=admin@desk.test"], "no tracker was made")
    _configure(tracker, **CONFIGURED)
    _more_fields(tracker / "schema.py")
    shutil.copy(FILES / "push.py", tracker / "detectors" / "push.py")
    done([*admin, "initialise", SECRETS["admin"]], "the tracker has no database")
    for name in ("bridge", "agent"):
        account = [f"username={name}", f"password={SECRETS[name]}", "roles=User", f"address={name}@desk.test"]
        done([*admin, "create", "user", *account], f"no account {name}")


def _configure(tracker: Path, **values: str) -> None:
    path = tracker / "config.ini"
    text = path.read_text()
    for name, value in values.items():
        text = re.sub(rf"(?m)^#?\s*{name} = .*$", f"{name} = {value}", text)
    path.write_text(text)


def _more_fields(schema: Path) -> None:
    """The classic schema has no place for references of others, and no difference between public and private."""
    text = schema.read_text()
    text = text.replace(
        'IssueClass(db, "issue",', 'IssueClass(db, "issue", external_ref=String(), thread_url=String(),'
    )
    text = text.replace('FileClass(db, "msg",', 'FileClass(db, "msg", public=Boolean(),')
    schema.write_text(text.replace("external_ref=String(),", "external_ref=String(), query_type=String(),"))
