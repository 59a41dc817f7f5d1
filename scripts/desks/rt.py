"""Request Tracker 5 from Debian's packages, with configuration and database of its own in the cache folder."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .common import HERE, Running, UnavailableError, alone, cache_folder, done, free_port, installed, scratch, started

FILES = HERE / "rt_files"
CORE = "/usr/share/request-tracker5/etc/initialdata"
PROGRAM = Path("/usr/share/request-tracker5/libexec/rt-server")
PACKAGES = ("msmtp-mta", "request-tracker5", "rt5-db-sqlite", "rt5-standalone")
SECRETS = {"push": "push-test-1", "bridge password": "bridge-test-1"}
ANSWERS = """\
request-tracker5 request-tracker5/rtname string desk.test
request-tracker5 request-tracker5/organization string desk.test
request-tracker5 request-tracker5/install-cronjobs boolean false
request-tracker5 request-tracker5/dbconfig-install boolean false
"""


@contextmanager
def serve(hook: str = "") -> Iterator[Running]:
    """An RT with a database of its own for this run; with `hook`, it pushes every change to that address."""
    _packages()
    made = installed("rt5", FILES, _install)
    with scratch("rt5") as home:
        shutil.copy(made / "rt.sqlite3", home)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        command: list[str | Path] = [PROGRAM, "--server", "Starlet", "--host", "127.0.0.1"]
        command += ["--port", str(port), "--max-workers", "4"]
        pushing = {"BRIDGE_HOOK_URL": hook, "BRIDGE_HOOK_SECRET": SECRETS["push"]}
        with started(command, f"{url}/REST/2.0/", home, {**_configured(home, port), **pushing}):
            tokens = dict(line.split(" ", 1) for line in (made / "tokens").read_text().splitlines())
            yield Running(url, home, {**tokens, **SECRETS})


def _packages() -> None:
    """Debian's packages, installed where we may. Raises `UnavailableError` elsewhere."""
    if PROGRAM.exists():
        return
    if sys.platform != "linux" or shutil.which("apt-get") is None:
        raise UnavailableError("Request Tracker comes from Debian's packages, and this is no Debian")
    if os.geteuid():
        raise UnavailableError("Request Tracker is not installed, and only root can install Debian's packages")
    with alone(cache_folder() / "debian"):
        if not PROGRAM.exists():
            _apt()


def _apt() -> None:
    unattended = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    done(["apt-get", "-q", "update"], "the lists of packages cannot be had", environment=unattended)
    done(["debconf-set-selections"], "debconf takes no answers", given=ANSWERS)
    wait = ["-o", "DPkg::Lock::Timeout=600"]
    command = ["apt-get", *wait, "install", "-q", "--yes", "--no-install-recommends", *PACKAGES]
    done(command, "Request Tracker cannot be installed", environment=unattended)


def _install(folder: Path) -> None:
    environment = _configured(folder, 80)
    setup = ["rt-setup-database-5", "--skip-create"]
    steps: list[list[str | Path]] = [["schema"], ["acl"], ["coredata"]]
    steps += [["insert", "--datafile", data] for data in (CORE, FILES / "seed.pl")]
    for step in steps:
        done([*setup, "--action", *step], f"RT's database was not made ({step[0]})", environment=environment)
    tokens = done(["perl", FILES / "tokens.pl"], "RT gives no tokens", environment=environment)
    (folder / "tokens").write_text(tokens)


def _configured(home: Path, port: int) -> dict[str, str]:
    """RT's environment with the configuration for this folder and port."""
    for name in ("mason", "sessions", "config.d"):
        (home / name).mkdir(exist_ok=True)
    text = (FILES / "site.pm").read_text().replace("@HOME@", os.fspath(home)).replace("@PORT@", str(port))
    (home / "site.pm").write_text(text)
    return {"RT_SITE_CONFIG": os.fspath(home / "site.pm"), "RT_SITE_CONFIG_DIR": os.fspath(home / "config.d")}
