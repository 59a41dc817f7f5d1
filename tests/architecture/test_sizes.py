"""Small pieces: the budget of lines. Split what outgrows it; do not raise it."""

import ast

import pytest

from tests.architecture.sources import ROOT, Function, functions, length, python_files, report, templates

FUNCTION, VIEW, FILE, TEMPLATE = 40, 20, 400, 120
ROUTING = {"get", "post", "put", "patch", "delete", "route"}
FOLDERS = ("community", "knowledge", "gamification", "bridge", "tests", "benchmarks")


def is_view(function: Function) -> bool:
    """Whether a blueprint's routing decorator stands above the function."""
    calls = [d for d in function.decorator_list if isinstance(d, ast.Call)]
    return any(isinstance(call.func, ast.Attribute) and call.func.attr in ROUTING for call in calls)


def test_functions_are_short() -> None:
    offenders = [
        f"{source.name}:{function.lineno} {function.name} has {length(function)} lines"
        for source in python_files(*FOLDERS)
        for function in functions(source)
        if length(function) > FUNCTION
    ]
    report(offenders, f"a function has at most {FUNCTION} lines")


def test_views_are_thin() -> None:
    offenders = [
        f"{source.name}:{function.lineno} {function.name} has {length(function)} lines"
        for source in python_files()
        for function in functions(source)
        if is_view(function) and length(function) > VIEW
    ]
    report(offenders, f"a view has at most {VIEW} lines")


def test_python_files_are_short() -> None:
    offenders = [f"{s.name} has {s.lines} lines" for s in python_files(*FOLDERS) if s.lines > FILE]
    report(offenders, f"a file has at most {FILE} lines")


def test_templates_are_short() -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in templates()}
    offenders = [f"{path.relative_to(ROOT)} has {size} lines" for path, size in sizes.items() if size > TEMPLATE]
    report(offenders, f"a template has at most {TEMPLATE} lines")


@pytest.mark.parametrize("ending", ["css", "js"])
def test_assets_are_short(ending: str) -> None:
    paths = sorted((ROOT / "static").rglob(f"*.{ending}"))
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    offenders = [f"{path.relative_to(ROOT)} has {size} lines" for path, size in sizes.items() if size > FILE]
    report(offenders, f"a file has at most {FILE} lines")
