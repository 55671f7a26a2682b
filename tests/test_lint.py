# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The rules of style that a program can check, over all Python, XML, CSV and PO files."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
ADDONS = ["distributor_crm", "distributor_crm_expense", "distributor_crm_channel"]
PYTHON = [*ADDONS, "bench", "tests", "provision", "conftest.py", "setup.py"]


def run(program, *arguments):
    """Run a linter of this environment; fail with what it found."""
    done = subprocess.run(
        [BIN / program, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{program}:\n{done.stdout}"


def test_ruff():
    run("ruff", "check", "--no-cache", *PYTHON)


def test_ruff_format():
    run("ruff", "format", "--no-cache", "--check", *PYTHON)


def test_pylint_odoo():
    run("pylint", "--rcfile=.pylintrc", *ADDONS)


def test_shellcheck():
    run("shellcheck", "run", ".ci/run", *(ROOT / "provision").glob("*.sh"))


@pytest.mark.parametrize("addon", ADDONS)
def test_oca_module(addon):
    run("oca-checks-odoo-module", addon)


def test_oca_po():
    files = [path for addon in ADDONS for path in (ROOT / addon).glob("i18n/*.po*")]
    if files:
        run("oca-checks-po", *files)


def test_first_line_names_the_licence():
    """Each Python file of ours says under which licence it is."""
    line = "# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl)."
    paths = [ROOT / "conftest.py", ROOT / "setup.py"]
    for folder in (*ADDONS, "bench", "tests", "provision"):
        paths += (ROOT / folder).rglob("*.py")
    bare = [
        str(path.relative_to(ROOT))
        for path in paths
        if (text := path.read_text(encoding="utf-8")).strip()
        and text.splitlines()[0] != line
        and path.name not in {"__init__.py", "__manifest__.py"}
    ]
    assert not bare


def test_lock_names_no_place():
    """The lock must serve everywhere: no index, no file of the machine that made it."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for word in ("://", "--index", "--find-links", "file:"):
        assert word not in text
