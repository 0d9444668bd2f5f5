"""The house stands as DESIGN says: directions of imports, pure modules, no wording in code, sizes of modules."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "models", "reminders", "reports")
PURE = (
    "models.periods",
    "models.working_days",
    "models.aggregation",
    "models.messages",
    "models.clock",
    "models.forms",
    "models.vietnamese.dates",
    "models.vietnamese.numbers",
    "models.vietnamese.branch_names",
    "models.vietnamese.secrets_guard",
    "handlers.dialog",
    "handlers.understand",
    "handlers.cards",
    "reminders.rule",
    "reminders.planner",
)
LONGEST_MODULE = 300


def sources() -> list[Path]:
    return [
        path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")) if "versions" not in path.parts
    ]


@pytest.mark.parametrize("module", PURE)
def test_pure_modules_reach_no_storage(module):
    heavy = ("sqlmodel", "sqlalchemy", "asyncio", "telegram")
    probe = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_no_module_outgrows_a_reader():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_every_public_function_says_what_it_does():
    silent = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
        and _is_public(path, node)
    ]
    assert silent == []


def _is_public(path: Path, wanted: ast.AST) -> bool:
    """Nested functions and methods of private classes are nobody's interface."""
    bodies = [ast.parse(path.read_text()).body]
    bodies += [node.body for node in bodies[0] if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    return any(getattr(node, "lineno", 0) == wanted.lineno for body in bodies for node in body)


def test_nothing_committed_names_a_registry_or_this_machine():
    done = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT)
    listed = done.stdout.split("\n")
    hosts = ("pypi." + "org", "pythonhosted." + "org", "npmjs." + "org", "/work" + "/main", "/root" + "/")
    named = [
        (name, host)
        for name in listed
        if name and (ROOT / name).is_file() and (ROOT / name).suffix not in {".png", ".docx", ".xlsx"}
        for host in hosts
        if host in (ROOT / name).read_text(errors="ignore")
    ]
    assert named == []
    assert not {Path(name).name for name in listed} & {"uv.lock", "poetry.lock", "package-lock.json"}
