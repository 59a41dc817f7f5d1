"""The lock files hold what pyproject.toml asks for, and name no place to fetch it from."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.sources import ROOT, report

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\;]+)", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = [text for extra in PROJECT["optional-dependencies"].values() for text in extra]


def pins(name: str) -> dict[str, str]:
    """Package to version of a lock file."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return {canonicalize_name(package): version for package, version in PIN.findall(text)}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("requirements-run.lock", PROJECT["dependencies"]),
        ("requirements.lock", PROJECT["dependencies"] + EXTRAS),
    ],
)
def test_lock_satisfies_the_project(name: str, wanted: list[str]) -> None:
    locked = pins(name)
    requirements = [Requirement(text) for text in wanted]
    offenders = [
        f"{requirement} is locked at {locked.get(canonicalize_name(requirement.name))}"
        for requirement in requirements
        if requirement.name != PROJECT["name"]
        and not requirement.specifier.contains(locked.get(canonicalize_name(requirement.name), "0"))
    ]
    report(offenders, f"{name} is behind pyproject.toml: run make lock")


def test_both_locks_agree() -> None:
    run, everything = pins("requirements-run.lock"), pins("requirements.lock")
    offenders = [f"{p}: {v} and {everything.get(p)}" for p, v in run.items() if everything.get(p) != v]
    report(offenders, "what runs is what is tested")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-run.lock"])
def test_locks_name_no_index(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    report([line for line in lines if re.match(r"--|.*(https?://|file:)", line)], "only names, versions, hashes")
