# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""`./run` says in one line what is wrong and what to do, and ends with an error."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "provision"))
import deb_sources  # noqa: E402
from check_log import bad_lines  # noqa: E402
from db import settings  # noqa: E402

TRIXIE = "deb http://mirror.example/debian trixie main\n"


@pytest.fixture
def run(tmp_path):
    """Return a function that runs ./run with a state folder of its own."""

    def _run(*arguments, **environ):
        # Not the tests' own settings: only what a shell at one's desk has.
        base = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        base["DISTRIBUTOR_CRM_STATE"] = str(tmp_path / "state")
        return subprocess.run(
            [ROOT / "run", *arguments],
            env=base | environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return _run


def part(code, tmp_path, **environ):
    """Run some lines of bash with the parts of ./run loaded."""
    sources = "\n".join(
        f'source "{path}"' for path in sorted((ROOT / "provision").glob("*.sh"))
    )
    script = f"""set -Eeuo pipefail
        ROOT='{ROOT}' STATE='{tmp_path}' ADDONS=(distributor_crm) CALLED_FROM=/
        {sources}
        mkdir -p "$LOGS" "$STAMPS"
        {code}"""
    return subprocess.run(
        ["bash", "-c", script],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)} | environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def assert_one_line(done, pattern):
    """An error is one line on standard error, and an exit code that says so."""
    assert done.returncode not in {0, 127}, done.stdout
    assert re.fullmatch(rf"run: .*{pattern}.*\n", done.stderr), done.stderr


@pytest.mark.parametrize("arguments", [(), ("help",), ("--help",)])
def test_help(run, arguments):
    done = run(*arguments)
    assert done.returncode == 0
    for word in ("demo", "load DIR", "test", "bench", "stop", "clean", "shell", "PORT"):
        assert word in done.stdout


def test_unknown_command(run):
    assert_one_line(run("dmeo"), "unknown command 'dmeo'; ./run help")


def test_load_wants_a_folder(run):
    assert_one_line(run("load"), "usage: ./run load DIR")
    assert_one_line(run("load", "/no/such/folder"), "no folder /no/such/folder")


def test_port_in_use(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_one_line(run("demo", PORT=str(port)), f"port {port} is in use.*PORT=")


@pytest.mark.parametrize("size", ["many", "-5", "0", "10000000000"])
def test_size_of_bench_is_a_number(run, size):
    assert_one_line(run("bench", size), "a size is a number of invoice lines")


def test_port_is_a_number(run):
    assert_one_line(run("demo", PORT="http"), "PORT=http is no number")


def test_wrong_python_is_named(tmp_path):
    done = part("find_python", tmp_path, PYTHON="/bin/false")
    assert_one_line(done, "PYTHON=/bin/false is no working Python 3.11 to 3.13")


def test_shim_that_does_not_work_is_passed_over(tmp_path):
    """A version manager leaves a python3 that only complains."""
    shim = tmp_path / "python3"
    shim.write_text("#!/bin/sh\necho 'no such version' >&2\nexit 127\n")
    shim.chmod(0o755)
    (tmp_path / "python3.13").symlink_to(sys.executable)
    done = part("find_python; echo $PYTHON_FOUND", tmp_path, PATH=f"{tmp_path}:/bin")
    assert done.stdout.strip() == str(tmp_path / "python3.13")


def test_odoo_home_without_odoo(tmp_path):
    done = part("ensure_odoo", tmp_path, ODOO_HOME=str(tmp_path))
    assert_one_line(done, "holds no odoo/release.py")


def test_odoo_home_of_another_version(tmp_path):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (18, 0, 0)\n")
    done = part("ensure_odoo", tmp_path, ODOO_HOME=str(tmp_path))
    assert_one_line(done, "is not Odoo 19.0")


def test_neither_debian_nor_odoo(tmp_path):
    code = "is_debian() { false; }; PYTHON_FOUND=/bin/false; ensure_odoo"
    assert_one_line(part(code, tmp_path), "set ODOO_HOME")


def test_neither_root_nor_sudo(tmp_path):
    code = "id() { echo 1000; }; have() { false; }; require_root 'chromium'"
    assert_one_line(part(code, tmp_path), "no sudo.*apt-get install chromium")


def test_too_little_disk(tmp_path):
    assert_one_line(part("require_space 1000000", tmp_path), "too little disk: ")


@pytest.mark.parametrize(
    "said",
    [
        "Temporary failure resolving 'mirror.example'",
        "Failed to establish a new connection: [Errno 101] Network is unreachable",
        "Could not connect to mirror.example:80 (1.2.3.4), connection timed out",
    ],
)
def test_no_network_is_recognised(tmp_path, said):
    (tmp_path / "said").write_text(said)
    assert part(f"network_down '{tmp_path}/said'", tmp_path).returncode == 0
    (tmp_path / "said").write_text("E: Unable to locate package odoo-19")
    assert part(f"network_down '{tmp_path}/said'", tmp_path).returncode == 1


def test_two_runs_at_once(tmp_path):
    code = f"open_state; bash -c 'source {ROOT}/provision/common.sh; open_state'"
    done = part(f"export STATE; {code}", tmp_path)
    assert_one_line(done, "another ./run is at work here")


def test_step_shows_its_error_alone(tmp_path):
    code = 'noisy() { echo chatter; die "do this"; echo never; }; step "A step" noisy'
    done = part(code, tmp_path)
    assert_one_line(done, "do this")
    assert "failed" in done.stdout


def test_step_that_breaks_shows_its_log(tmp_path):
    code = 'broken() { echo the reason; false; echo never; }; step "A step" broken'
    done = part(code, tmp_path)
    assert done.returncode == 1
    assert "the reason" in done.stderr
    assert "never" not in done.stderr


def sources(tmp_path, name, text, suite="unstable", codename="trixie"):
    path = tmp_path / "apt" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    (tmp_path / "apt" / "sources.list.d").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, deb_sources.__file__, suite, codename, tmp_path / "apt"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_sources_of_a_bare_system(tmp_path):
    code, text = sources(tmp_path, "sources.list", TRIXIE)
    assert code == 0
    assert text == (
        "Types: deb\nURIs: http://mirror.example/debian\n"
        "Suites: unstable\nComponents: main\n\n"
    )


def test_sources_of_others_do_not_count(tmp_path):
    others = (
        "deb https://download.example.com/linux/other trixie main\n"
        "deb http://mirror.example/debian-security trixie-security main\n"
        "deb http://mirror.example/debian trixie-updates main\n"
        "# deb http://other.example/debian trixie main\n"
        "deb-src http://mirror.example/debian trixie main\n"
    )
    code, text = sources(
        tmp_path, "sources.list", others + "deb [arch=amd64] " + TRIXIE[4:]
    )
    assert code == 0
    assert re.findall("URIs: (.*)", text) == ["http://mirror.example/debian"]


def test_sources_in_the_new_form_keep_their_key(tmp_path):
    stanza = (
        "# a comment\nTypes: deb deb-src\nURIs: http://mirror.example.org/debian\n"
        "Suites: trixie trixie-updates\nComponents: main contrib\n"
        "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n"
        "\nTypes: deb\nEnabled: no\nURIs: http://other.example/debian\n"
        "Suites: trixie\nComponents: main\n"
    )
    code, text = sources(tmp_path, "sources.list.d/debian.sources", stanza)
    assert code == 0
    assert re.findall("URIs: (.*)", text) == ["http://mirror.example.org/debian"]
    assert "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n" in text


def test_no_sources(tmp_path):
    assert sources(tmp_path, "sources.list", "")[0] == 1


def test_database_url():
    url = "postgres://me:p%40ss@db.example.org:5433/"
    assert settings({"DATABASE_URL": url}) == ["db.example.org", "5433", "me", "p@ss"]


def test_odoo_rc(tmp_path):
    rc = tmp_path / "odoo.conf"
    rc.write_text("[options]\ndb_host = False\ndb_port = 5433\ndb_user = me\n")
    assert settings({"ODOO_RC": str(rc)}) == ["", "5433", "me", ""]


def test_log_lines_that_count():
    text = (
        "2026-01-01 10:00:00,001 12 INFO db odoo.x: a WARNING is not meant\n"
        "2026-01-01 10:00:00,002 12 WARNING db odoo.x: this is\n"
        "2026-01-01 10:00:00,003 12 CRITICAL db odoo.x: and this\n"
    )
    assert [line[-8:] for line in bad_lines(text)] == [" this is", "and this"]
