"""What holds for the whole house."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("adapters", "bot", "planner", "store")
LONGEST_FILE = 300


def test_no_file_is_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }

    assert len(lengths) > len(PACKAGES)
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def lint_imports(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as main; main()",
            "--no-cache",
            "--config",
            str(ROOT / "pyproject.toml"),
        ],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_import_contracts_hold() -> None:
    result = lint_imports(ROOT)

    assert "Contracts: 2 kept, 0 broken." in result.stdout, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("package", "line"),
    [
        ("planner", "import store"),
        ("planner", "import asyncio"),
        ("planner", "from sqlalchemy import select"),
        ("store", "import adapters"),
        ("adapters", "import store"),
        ("store", "import bot"),
    ],
)
def test_the_contracts_find_a_breach(tmp_path: Path, package: str, line: str) -> None:
    for name in PACKAGES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(line if name == package else "")

    assert "1 broken" in lint_imports(tmp_path).stdout
