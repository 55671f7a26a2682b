# shellcheck shell=bash
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
# A Python that serves, and a virtual environment with the locked packages.

VENV="$STATE/venv"
VENV_PYTHON="$VENV/bin/python"
PYTHON_FOUND=""

# serves PROGRAM: does it run (a version manager's shim may not), as 3.11 to 3.13?
serves() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

find_python() {
    local candidate
    if [ -n "${PYTHON:-}" ]; then
        serves "$PYTHON" || die "PYTHON=$PYTHON is no working Python 3.11 to 3.13; name another one"
        PYTHON_FOUND="$PYTHON"
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if serves "$candidate"; then
            PYTHON_FOUND="$(command -v "$candidate")"
            return
        fi
    done
    die "no Python 3.11 to 3.13 found$(python_seen); install one and name it: PYTHON=/path/to/python3.12 ./run ..."
}

python_seen() {
    local version
    version="$(python3 -c 'import platform; print(platform.python_version())' 2>/dev/null)" || return 0
    printf ' (python3 is %s)' "$version"
}

ensure_python() {
    find_python
    local key
    key="$(cat "$ROOT/requirements.lock" - <<<"$("$PYTHON_FOUND" -VV)$PYTHON_FOUND" | digest)"
    if stamped venv "$key" && "$VENV_PYTHON" -c 'import psycopg2' 2>/dev/null; then
        return
    fi
    step "Python packages of Odoo and of the tests" make_venv "$key"
}

make_venv() {
    local log="$LOGS/$STEP_NAME.log"
    rm -f "$STAMPS/venv"
    require_space 2
    # What was fetched before the run broke off is kept in pip's own cache.
    rm -rf "$VENV"
    "$PYTHON_FOUND" -m venv "$VENV" ||
        die "$PYTHON_FOUND makes no virtual environment; install its venv module (python3-venv)"
    retry 3 "$VENV_PYTHON" -m pip install --no-deps --require-hashes --only-binary :all: \
        --disable-pip-version-check --no-input -r "$ROOT/requirements.lock" || {
        ! network_down "$log" || die "no network: the Python packages cannot be fetched; connect and run this again"
        die "pip could not install the packages of requirements.lock; see $log"
    }
    stamp venv "$1"
}
