# shellcheck shell=bash
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
# The commands around the demo: demo, load, shell, stop, clean.

SERVER_PID="$STATE/demo.pid"
SERVER_LOG="$LOGS/demo-server.log"

# Everything that both the demo and the tests stand on.
prepare() {
    [ -s "$STAMPS/odoo" ] || [ -n "${ODOO_HOME:-}" ] || require_space 6
    ensure_packages "${BASE_PACKAGES[@]}" "$@"
    ensure_python
    ensure_odoo
    ensure_pdf
    ensure_cjk_font
    ensure_postgres
}

prepare_demo() {
    choose_port
    prepare
    use_cluster demo "${SAFE_SETTINGS[@]}"
    DEMO_DB="${DB_PREFIX}demo"
    write_conf demo "http_port = $DEMO_PORT" "db_name = $DEMO_DB" "dbfilter = ^$DEMO_DB\$" \
        "max_cron_threads = 1"
    ensure_demo_database
    if server_runs && await_server; then return; fi
    ! server_runs || stop_server
    step "Odoo on port $DEMO_PORT: start" start_server
}

command_demo() {
    local start
    start="$(clock)"
    open_state
    prepare_demo
    if [ "$(db marked "$DEMO_DB")" != "$(tree_digest) computed" ]; then
        step "Main job: rebates of the running programs" main_job
    fi
    printf '  ready after %s\n\n' "$(took "$start")"
    tell_demo
}

# A demo of ours that runs stays where it is, unless another port is asked for.
choose_port() {
    local running=""
    ! server_runs || running="$(cat "$STATE/demo.port")"
    DEMO_PORT="${PORT:-${running:-8069}}"
    case "$DEMO_PORT" in *[!0-9]* | '') die "PORT=$DEMO_PORT is no number" ;; esac
    [ "$DEMO_PORT" != "$running" ] || return 0
    ! port_taken "$DEMO_PORT" ||
        die "port $DEMO_PORT is in use by another program; choose another one: PORT=$((DEMO_PORT + 1)) ./run demo"
    [ -z "$running" ] || stop_server
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

server_runs() {
    alive "$SERVER_PID" || return 1
    # After a restart of the machine the number may be another program's.
    [ ! -d /proc/self ] || tr '\0' ' ' <"/proc/$(cat "$SERVER_PID")/cmdline" | grep -qF "$STATE/demo.conf"
}

ensure_demo_database() {
    local made wanted
    wanted="$(tree_digest)"
    if ! made="$(db marked "$DEMO_DB")"; then
        step "Demo database: install the addons with demo data" build_demo
        db mark "$DEMO_DB" "$wanted"
    elif [ "${made%% *}" != "$wanted" ]; then
        ! server_runs || stop_server
        step "Demo database: update the addons" odoo_offline -d "$DEMO_DB" -u "$(addon_list)"
        db mark "$DEMO_DB" "$wanted"
    fi
}

# Built under another name: a broken-off build is never taken for the demo.
build_demo() {
    local new="${DEMO_DB}_building"
    require_space 2
    db drop "$new"
    db create "$new"
    odoo_offline -d "$new" -i "$(addon_list)" --with-demo --load-language=en_US,zh_CN
    odoo_script "$new" complete_assets.py
    db rename "$new" "$DEMO_DB"
}

start_server() {
    (
        cd "$ROOT" || exit
        exec env -u ODOO_RC -u DATABASE_URL setsid nohup "$VENV_PYTHON" -W ignore -m odoo server -c "$CONF"
    ) >>"$SERVER_LOG" 2>&1 </dev/null 9>&- &
    # Known from the first moment: if this run is broken off here, the next one finds it.
    echo "$DEMO_PORT" >"$STATE/demo.port"
    echo $! >"$SERVER_PID"
    await_server && return
    tail -n 15 "$SERVER_LOG"
    ! server_runs || stop_server
    die "Odoo did not start on port $DEMO_PORT; its log is $SERVER_LOG"
}

await_server() {
    "$VENV_PYTHON" "$ROOT/provision/wait_http.py" "$(cat "$SERVER_PID")" 120 \
        "http://127.0.0.1:$DEMO_PORT/web/health" "http://127.0.0.1:$DEMO_PORT/web/login"
}

main_job() {
    odoo_script "$DEMO_DB" main_job.py
    db mark "$DEMO_DB" "$(tree_digest) computed"
}

tell_demo() {
    cat <<TEXT
The demo runs:  http://127.0.0.1:$DEMO_PORT

  who you are             login and password
  administrator           admin            admin
  sales representative    sales            sales
  account manager         account_manager  account_manager
  sales manager           manager          manager
  finance                 finance          finance
  channel administrator   channel_admin    channel_admin
  compliance reviewer     compliance       compliance
  sales clerk (fees)      fee_clerk        fee_clerk
  fee auditor             fee_auditor      fee_auditor
  distributor (portal)    distributor      distributor

What to look at first:
  1. as manager: Distributors > Rebates > Programs: a running one, its tiers, Compute
  2. a statement of it: what was earned, and one click to the invoice lines behind it
  3. as finance: an approved statement (filter To Post): post it, see its credit note

Its log: $SERVER_LOG.  To stop it: ./run stop
TEXT
}

command_load() {
    local folder="${1:-}"
    [ -n "$folder" ] || die "which folder? usage: ./run load DIR" 2
    case "$folder" in /*) ;; *) folder="$CALLED_FROM/$folder" ;; esac
    [ -d "$folder" ] || die "there is no folder $folder"
    open_state
    prepare_demo
    LOAD_DIR="$(cd "$folder" && pwd -P)" odoo_script "$DEMO_DB" load.py || exit $?
}

command_shell() {
    open_state
    prepare_demo
    exec 9>&-
    odoo shell -d "$DEMO_DB" --no-http --max-cron-threads=0 --log-level=warn "$@" || exit $?
}

stop_server() {
    local pid left=100
    pid="$(cat "$SERVER_PID")"
    kill -TERM "$pid"
    while kill -0 "$pid" 2>/dev/null && [ $left -gt 0 ]; do
        sleep 0.2
        left=$((left - 1))
    done
    ! kill -0 "$pid" 2>/dev/null || kill -KILL "$pid"
    rm -f "$SERVER_PID"
}

command_stop() {
    open_state
    ! server_runs || step "Odoo: stop" stop_server
    [ -z "${DATABASE_URL:-}${ODOO_RC:-}" ] || return 0
    ensure_postgres_known || return 0
    step "Database servers: stop" stop_clusters
}

# To stop a server its programs must be there; where they are not, none was ever started.
ensure_postgres_known() {
    postgres_place
    [ -d "$PG_HOME/demo" ] || [ -d "$PG_HOME/test" ] || return 1
    ensure_postgres
}

stop_clusters() {
    stop_cluster demo
    stop_cluster test
}

command_clean() {
    command_stop
    if external_database && [ -x "$VENV_PYTHON" ] && [ -s "$STATE/demo.conf" ]; then
        use_cluster demo
        CONF="$STATE/demo.conf"
        step "Databases: drop" drop_all
    fi
    step "All that ./run made: delete" delete_all
}

drop_all() {
    local name
    for name in $(db list "$DB_PREFIX"); do db drop "$name"; done
}

# By name: the state folder may be one that holds other things too.
delete_all() {
    postgres_place
    case "$PG_HOME" in "$STATE"/*) ;; *) rm -rf "$PG_HOME" ;; esac
    local name
    for name in apt debs odoo odoo.new odoo-path tools venv postgres data secret stamps \
        demo.conf demo.pid demo.port test.conf bench.conf bench pdf-proof junit.xml lock.pid; do
        rm -rf "${STATE:?}/$name"
    done
    rm -f "$STATE/lock"
    find "$STATE" -maxdepth 1 -name 'log' -exec rm -rf {} +
    rmdir "$STATE" 2>/dev/null || true
}
