# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The wheel holds the addons as they are, and Odoo finds and installs them from there."""

import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ADDONS = ("distributor_crm", "distributor_crm_expense", "distributor_crm_channel")
WHERE = """
import json, sys
from odoo.tools import config
config.parse_config(["-c", sys.argv[1]])
from odoo.modules.module import get_module_path
print(json.dumps([get_module_path(name) for name in sys.argv[2:]]))
"""


def run(*command, **options):
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tracked(*paths):
    """List the files that git knows, or would add, below some paths."""
    listing = run(
        *("git", "-c", f"safe.directory={ROOT}", "ls-files", "-co"),
        *("--exclude-standard", "--", *paths),
        cwd=ROOT,
    )
    return {name for name in listing.splitlines() if (ROOT / name).is_file()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build from a copy, so that nothing that lies about here gets in."""
    source = tmp_path_factory.mktemp("source")
    top = {"setup.py", "pyproject.toml", "LICENSE", "README.md"}
    for name in tracked(*ADDONS) | {name for name in top if (ROOT / name).exists()}:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", cwd=source)
    (path,) = (source / "dist").glob("*.whl")
    return path


@pytest.fixture(scope="module")
def clean_python(wheel, tmp_path_factory):
    """A new environment with the wheel; what it depends on is lent from this one."""
    home = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", home)
    python = home / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python)
    run(*pip, "install", "--no-deps", "--no-index", wheel)
    packages = Path(
        run(python, "-c", "import site; print(site.getsitepackages()[0])").strip()
    )
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


@pytest.fixture
def conf_without_us(instance, tmp_path):
    """Settings whose addons path does not know this folder."""
    text = Path(instance.conf).read_text(encoding="utf-8")
    path = tmp_path / "odoo.conf"
    path.write_text(text.replace(f",{ROOT}\n", "\n"), encoding="utf-8")
    assert str(ROOT) not in path.read_text(encoding="utf-8").split("addons_path = ")[
        1
    ].splitlines()[0].replace(f"{ROOT}/.run", "")
    return path


def test_wheel_holds_the_addons(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
    packed = {name.removeprefix("odoo/addons/") for name in names}
    assert packed == tracked(*ADDONS)


def test_wheel_says_what_it_needs(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        metadata = archive.read(name).decode()
    assert "Name: odoo-addons-distributor-crm\nVersion: 19.0.1.0.0\n" in metadata
    assert "Requires-Dist: odoo==19.0.*\n" in metadata
    assert "Requires-Dist: odoo-addon-base-tier-validation==19.0.*\n" in metadata


def test_odoo_finds_the_installed_addons(clean_python, conf_without_us):
    found = json.loads(
        run(
            clean_python, "-W", "ignore", "-c", WHERE, conf_without_us, *ADDONS, cwd="/"
        )
    )
    home = str(clean_python.parents[1])
    assert all(path and path.startswith(home) for path in found), found


def test_addon_installs_from_the_wheel(clean_python, conf_without_us, instance, clone):
    database = clone(instance.base)
    instance.offline(
        database, "-i", "distributor_crm", python=clean_python, conf=conf_without_us
    )
    with instance.connect(database) as cursor:
        cursor.execute(
            "SELECT state FROM ir_module_module WHERE name = 'distributor_crm'"
        )
        assert cursor.fetchone() == ("installed",)
