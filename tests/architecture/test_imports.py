"""Who may import whom, beyond what the contracts in pyproject.toml can say."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import (
    ROOT,
    Source,
    functions,
    imported,
    is_ours,
    python_files,
    report,
)
from tests.conftest import ABSENT

# Inside a feature: a module may import those of a lower rank of the same feature, never of a higher one.
RANKS = {
    "models": 0,
    "policies": 1,
    "queries": 1,
    "operations": 2,
    "forms": 3,
    "views": 4,
    "rest": 4,
    "admin": 4,
}
REGISTERING = re.compile(r"(\w+\.)*(register\w*|subscribe|every|fill|job|on_commit)$")
PUBLIC_PARTS = {"public", "events", "core"}
VAGUE = ("Manager", "Service", "Helper", "Util", "Utils")


def statements(source: Source) -> list[tuple[int, str]]:
    """(line, name) of everything a file imports."""
    return [
        (node.lineno, name)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in imported(source, node)
    ]


def test_all_packages_are_there() -> None:
    assert ABSENT == {}


def test_import_contracts_hold() -> None:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def registers(source: Source) -> bool:
    """Whether importing the module makes the application react, offer or draw something."""
    for node in source.tree.body:
        calls = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            calls = [node.value]
        if any(REGISTERING.match(ast.unparse(call).partition("(")[0]) for call in calls):
            return True
    return False


def test_what_registers_itself_is_loaded_with_the_application(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from community.core.app import create_app; "
        "from tests.conftest import settings_for; home = Path(sys.argv[1]); "
        "create_app(settings_for(home, f'sqlite:///{home}/isthmus.db')); print(*sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    registering = {source.module for source in python_files() if registers(source)}
    assert len(registering) > 40
    report(sorted(registering - set(ran.stdout.split())), "nothing imports these, so what they register is not there")


def test_our_modules_are_imported_at_the_top() -> None:
    offenders = {
        f"{source.name}:{node.lineno} {function.name} imports {name}"
        for source in python_files()
        for function in functions(source)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in imported(source, node)
        if is_ours(name)
    }
    report(sorted(offenders), "an import inside a function hides a loop between modules")


def test_models_do_not_know_flask() -> None:
    offenders = [
        f"{source.name}:{line} imports {name}"
        for source in python_files()
        if source.path.stem == "models" or source.path.parent.stem == "models"
        for line, name in statements(source)
        if name.partition(".")[0].startswith("flask")
    ]
    report(offenders, "models stand below the web")


def test_a_feature_is_layered_inside() -> None:
    offenders = []
    for source in python_files():
        rank = RANKS.get(source.path.stem)
        feature = source.module.rpartition(".")[0]
        for line, name in statements(source) if rank is not None else []:
            part = name.removeprefix(f"{feature}.").partition(".")[0] if name.startswith(f"{feature}.") else ""
            if RANKS.get(part, -1) > (rank or 0):
                offenders.append(f"{source.name}:{line} imports {name}")
    report(offenders, "views, rest, admin -> forms -> operations -> queries, policies -> models")


def test_upper_packages_use_only_what_lower_ones_offer() -> None:
    offenders = []
    for source in python_files():
        own = source.module.partition(".")[0]
        for line, name in statements(source):
            package, *parts = name.split(".")
            if is_ours(name) and package != own and not PUBLIC_PARTS & set(parts[:2]):
                offenders.append(f"{source.name}:{line} imports {name}")
    report(offenders, "another package is used through its public.py, its events, or the kernel")


def test_only_the_kernel_commits() -> None:
    offenders = [
        f"{source.name}:{node.lineno}"
        for source in python_files()
        if not source.name.startswith("community/core/")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
        and "session" in ast.unparse(node.func.value)
    ]
    report(offenders, "the kernel commits once per request or job; use its transaction() elsewhere")


def test_classes_are_named_for_what_they_are() -> None:
    offenders = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in python_files()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(VAGUE)
    ]
    report(offenders, f"no class ends in {', '.join(VAGUE)}")


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    offenders = sorted(str(f.relative_to(ROOT)) for f in folders if not (f / "__init__.py").exists())
    report(offenders, "tests of the same name need packages around them: add an empty __init__.py")
