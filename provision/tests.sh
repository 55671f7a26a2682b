# shellcheck shell=bash
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
# The tests: databases prepared once, cloned for each run, and pytest.

# Kept from run to run, and made again only when what they are made of changed:
#   base, base_demo   the addons of others, without and with demo data
#   ours, ours_demo   a clone of it with our three addons installed, and updated once where
#                     no demo data keep it longer
command_test() {
    local start
    start="$(clock)"
    open_state
    prepare chromium git
    have chromium || have chromium-browser || have google-chrome ||
        die "no Chromium for the browser tests; install one"
    use_cluster test "${FAST_SETTINGS[@]}"
    write_conf test "max_cron_threads = 0" "log_level = info"
    drop_leftovers
    name_templates
    prepare_templates
    drop_outdated
    db create "${DB_PREFIX}run" "$TEMPLATE"
    printf '  tests start after %s\n\n' "$(took "$start")"
    run_pytest "$@"
}

name_templates() {
    local base ours
    base="$(printf '%s' "$ODOO_VERSION $(dependency_list) $(cat "$ROOT/requirements.lock")" | digest | cut -c1-8)"
    ours="$(printf '%s' "$base $(tree_digest '*/i18n/*' '*/readme/*') $(cat "$ROOT/provision/prepare_assets.py")" |
        digest | cut -c1-8)"
    BASE="${DB_PREFIX}base_$base" BASE_DEMO="${DB_PREFIX}base_demo_$base"
    TEMPLATE="${DB_PREFIX}ours_$ours" TEMPLATE_DEMO="${DB_PREFIX}ours_demo_$ours"
}

prepare_templates() {
    { has "$BASE" && has "$BASE_DEMO"; } || has_ours ||
        step "Test databases: Odoo and the addons we build on" at_once build_base
    has_ours || step "Test databases: install and update our addons" at_once build_ours
}

# What the benchmarks start from.
prepare_plain_template() {
    has "$TEMPLATE" || {
        has "$BASE" || step "Database: Odoo and the addons we build on" build_base "$BASE" "$TEMPLATE"
        step "Database: install and update our addons" build_ours "$BASE" "$TEMPLATE"
    }
}

has_ours() { has "$TEMPLATE" && has "$TEMPLATE_DEMO"; }

# at_once BUILD: the database without demo data and the one with them, side by side.
at_once() {
    local failed=0 plain demo
    set +m # one group, which one signal ends
    "$1" "$BASE" "$TEMPLATE" >"$LOGS/$1.plain.log" 2>&1 &
    plain=$!
    "$1" "$BASE_DEMO" "$TEMPLATE_DEMO" --with-demo >"$LOGS/$1.demo.log" 2>&1 &
    demo=$!
    wait "$plain" || failed=1
    wait "$demo" || failed=1
    cat "$LOGS/$1.plain.log" "$LOGS/$1.demo.log"
    return "$failed"
}

has() { db marked "$1" >/dev/null; }

# build_base BASE TEMPLATE OPTION...
build_base() {
    local name="$1" building="${1}_building"
    shift 2
    ! has "$name" || return 0
    require_space 1
    db create "$building"
    odoo_offline -d "$building" -i "$(dependency_list)" "$@"
    odoo_script "$building" complete_assets.py
    db rename "$building" "$name"
}

# build_ours BASE TEMPLATE OPTION...: what Odoo warns of here is an error of ours.
build_ours() {
    local base="$1" name="$2" building="${2}_building"
    local log="$LOGS/$building.log"
    shift 2
    ! has "$name" || return 0
    db create "$building" "$base"
    {
        odoo_offline -d "$building" -i "$(addon_list)" "$@" &&
            { [ $# -gt 0 ] || odoo_offline -d "$building" -u "$(addon_list)"; } &&
            odoo_script "$building" prepare_assets.py
    } >"$log" 2>&1 || {
        tail -n 15 "$log"
        return 1
    }
    "$VENV_PYTHON" "$ROOT/provision/check_log.py" "$log" ||
        die "Odoo's log warns while the addons are installed or updated; see $log"
    db rename "$building" "$name"
}

drop_leftovers() {
    local name
    for name in $(db list "${DB_PREFIX}run") $(db list "${DB_PREFIX}bench"); do db drop "$name"; done
}

drop_outdated() {
    local name
    for name in $(db list "${DB_PREFIX}base_") $(db list "${DB_PREFIX}ours_"); do
        case "$name" in
            "$BASE" | "$BASE_DEMO" | "$TEMPLATE" | "$TEMPLATE_DEMO") ;;
            *) db drop "$name" ;;
        esac
    done
}

# One for each processor, as far as memory goes; more than four only wait for the database.
test_processes() {
    local processors memory
    processors="$(nproc)"
    memory="$(awk '/MemAvailable/ {print int($2 / 2097152)}' /proc/meminfo)"
    printf '%s\n' 4 "$processors" "$((memory > 1 ? memory : 1))" | sort -n | sed -n 1p
}

# In the foreground: pytest's own output is what one wants to see, and its last line is ours.
run_pytest() {
    local code=0
    cd "$ROOT" || exit
    # All of them: shared among processes, file by file, the long ones of tests/ first.
    [ $# -gt 0 ] || set -- -n "$(test_processes)" --dist loadfile --no-loadscope-reorder
    env -u ODOO_RC -u DATABASE_URL \
        TEST_CONF="$CONF" TEST_BASE="$BASE" TEST_TEMPLATE="$TEMPLATE" \
        TEST_TEMPLATE_DEMO="$TEMPLATE_DEMO" TEST_PREFIX="${DB_PREFIX}run" \
        "$VENV_PYTHON" -W ignore -m pytest --odoo-config="$CONF" \
        --odoo-database="${DB_PREFIX}run" --odoo-http --junit-xml="$STATE/junit.xml" "$@" || code=$?
    drop_leftovers
    external_database || stop_cluster test >/dev/null
    exit "$code"
}
