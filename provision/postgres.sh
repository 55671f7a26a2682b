# shellcheck shell=bash
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
# PostgreSQL: a server of our own for the demo and one for the tests, reachable by their
# sockets only; or the server that DATABASE_URL or ODOO_RC names.

# Safe: the demo's data survive a power cut.  Fast: a test's data are worth nothing.
# The locks are for uninstalling all three addons in one act.
SAFE_SETTINGS=(shared_buffers=256MB jit=off max_locks_per_transaction=256)
FAST_SETTINGS=("${SAFE_SETTINGS[@]}" fsync=off synchronous_commit=off full_page_writes=off
    autovacuum=off max_wal_size=4GB)

external_database() { [ -n "${DATABASE_URL:-}" ] || [ -n "${ODOO_RC:-}" ]; }

# PostgreSQL does not run as root: then it runs as the system's user for it, or nobody, in
# a folder that this user reaches.
postgres_place() {
    PG_HOME="$STATE/postgres" PG_AS=()
    [ "$(id -u)" -eq 0 ] || return 0
    PG_USER=postgres
    id "$PG_USER" >/dev/null 2>&1 || PG_USER=nobody
    PG_AS=(setpriv "--reuid=$PG_USER" "--regid=$(id -g "$PG_USER")" --clear-groups env HOME=/)
    "${PG_AS[@]}" test -x "$STATE" ||
        PG_HOME="/var/lib/distributor-crm-$(printf '%s' "$STATE" | digest | cut -c1-8)"
}

own_pg_folder() {
    mkdir -p "$1"
    chmod "${2:-755}" "$1"
    [ "$(id -u)" -ne 0 ] || chown "$PG_USER" "$1"
}

ensure_postgres() {
    local program
    postgres_place
    ! external_database || return 0
    PG_BIN=""
    for program in $(printf '%s\n' /usr/lib/postgresql/*/bin/postgres "$PG_HOME"/server/usr/lib/postgresql/*/bin/postgres | sort -rV) \
        "$(command -v postgres || true)"; do
        if [ -x "$program" ] && [ -x "$(dirname "$program")/initdb" ] && postgres_serves "$program"; then
            PG_BIN="$(dirname "$program")"
            break
        fi
    done
    if [ -z "$PG_BIN" ]; then
        is_debian || die "no PostgreSQL (13 or later) here; install it, or set DATABASE_URL"
        step "PostgreSQL from Debian, beside the system" fetch_postgres
        PG_BIN="$(dirname "$(printf '%s\n' "$PG_HOME"/server/usr/lib/postgresql/*/bin/postgres | sort -rV | sed -n 1p)")"
    fi
    case "$PG_BIN" in
        "$PG_HOME"/server/*) PG_LIBRARIES="$(cat "$PG_HOME/server/libraries")" ;;
        *) PG_LIBRARIES="${LD_LIBRARY_PATH:-}" ;;
    esac
}

postgres_serves() {
    case "$1" in "$PG_HOME"/server/*) return 0 ;; esac
    local version
    version="$("$1" --version 2>/dev/null | grep -oE '[0-9]+' | sed -n 1p)"
    [ "${version:-0}" -ge 13 ]
}

fetch_postgres() {
    local package packages tree="$PG_HOME/server"
    rm -rf "$tree" "$tree.new" "$STATE/debs/postgres"
    own_pg_folder "$PG_HOME"
    private_apt "$(debian_release)"
    package="$(apt-cache "${PRIVATE_APT[@]}" depends postgresql | grep -oE 'postgresql-[0-9]+$' | sed -n 1p)"
    [ -n "$package" ] || {
        ! network_down "$LOGS/$STEP_NAME.log" || die "no network: the Debian archive cannot be reached; connect and run this again"
        die "no PostgreSQL in the Debian archive; install one, or set DATABASE_URL"
    }
    mapfile -t packages < <(with_libraries "$package" && echo "${package/postgresql/postgresql-client}")
    [ ${#packages[@]} -gt 1 ] || die "apt finds no way to $package; install PostgreSQL, or set DATABASE_URL"
    download "$STATE/debs/postgres" "${packages[@]}"
    unpack "$STATE/debs/postgres" "$tree.new"
    rm -rf "$STATE/debs/postgres"
    library_path "$tree.new" | sed "s#$tree\.new#$tree#g" >"$tree.new/libraries"
    mv "$tree.new" "$tree"
}

# pg_run PROGRAM ARGS...: a program of PostgreSQL as its user.  It never holds our lock.
pg_run() {
    local program="$PG_BIN/$1"
    shift
    (cd / && exec "${PG_AS[@]}" env "LD_LIBRARY_PATH=$PG_LIBRARIES" "$program" "$@" 9>&-)
}

# use_cluster NAME SETTING...: have the server of this name running, and set DB_HOST to the
# folder of its socket.  An address of a socket is at most 107 letters long.
use_cluster() {
    CLUSTER="$1" DB_PREFIX=
    shift
    if external_database; then
        # Others may use that server too: our databases' names start in a way of their own.
        DB_PREFIX="dcrm_$(printf '%s' "$STATE" | digest | cut -c1-6)_"
        eval "$("$VENV_PYTHON" "$ROOT/provision/db.py" settings)"
        return
    fi
    PG_DATA="$PG_HOME/$CLUSTER"
    DB_HOST="$PG_HOME/sockets-$CLUSTER" DB_PORT=5432 DB_USER=odoo DB_PASSWORD=
    unset PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGSERVICE PGOPTIONS
    if [ ${#DB_HOST} -gt 80 ]; then
        DB_HOST="/tmp/distributor-crm-$(printf '%s' "$STATE" | digest | cut -c1-8)-$CLUSTER"
    fi
    [ -s "$PG_DATA/complete" ] || step "Database server for the $CLUSTER: create" create_cluster
    own_pg_folder "$DB_HOST" 700
    cluster_runs || step "Database server for the $CLUSTER: start" start_cluster "$@"
}

cluster_runs() { pg_run pg_ctl -D "$PG_DATA" status >/dev/null 2>&1; }

create_cluster() {
    require_space 1
    own_pg_folder "$PG_HOME"
    rm -rf "$PG_DATA"
    own_pg_folder "$PG_DATA" 700
    pg_run initdb -D "$PG_DATA" -U odoo --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync
    echo "include_if_exists 'run.conf'" >>"$PG_DATA/postgresql.conf"
    echo yes >"$PG_DATA/complete"
}

start_cluster() {
    printf '%s\n' "$@" "listen_addresses=''" "unix_socket_permissions=0700" "port=$DB_PORT" \
        "unix_socket_directories='\"$DB_HOST\"'" "lc_messages='C'" >"$PG_DATA/run.conf"
    chmod 644 "$PG_DATA/run.conf"
    pg_run pg_ctl -D "$PG_DATA" -w -t 60 -l "$PG_DATA/server.log" start && return
    tail -n 5 "$PG_DATA/server.log"
    die "PostgreSQL did not start; see $PG_DATA/server.log"
}

stop_cluster() {
    [ -s "$PG_HOME/$1/postmaster.pid" ] || return 0
    # After a crash the file names a process that is gone, or another program's.
    pg_run pg_ctl -D "$PG_HOME/$1" status >/dev/null || return 0
    pg_run pg_ctl -D "$PG_HOME/$1" -m fast -w stop
}
