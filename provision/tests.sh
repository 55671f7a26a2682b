# shellcheck shell=bash
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
# The tests: databases prepared once, cloned for each run, and pytest.

# Kept from run to run, and made again only when what they are made of changed:
#   base, base_demo   the addons of others, without and with demo data
#   ours, ours_demo   a clone of it with our three addons installed, and updated once
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
    prepare_plain_template
    prepare_demo_template
    drop_outdated
    db create "${DB_PREFIX}run" "$TEMPLATE"
    printf '  tests start after %s\n\n' "$(took "$start")"
    run_pytest "$@"
}

name_templates() {
    local base ours
    base="$(printf '%s' "$ODOO_VERSION $(dependency_list) $(cat "$ROOT/requirements.lock")" | digest | cut -c1-8)"
    ours="$(printf '%s' "$base $(tree_digest '*/i18n/*' '*/readme/*')" | digest | cut -c1-8)"
    BASE="${DB_PREFIX}base_$base" BASE_DEMO="${DB_PREFIX}base_demo_$base"
    TEMPLATE="${DB_PREFIX}ours_$ours" TEMPLATE_DEMO="${DB_PREFIX}ours_demo_$ours"
}

prepare_plain_template() {
    has "$TEMPLATE" || {
        has "$BASE" || step "Test database: Odoo and the addons we build on" build_base "$BASE"
        step "Test database: install and update our addons" build_ours "$BASE" "$TEMPLATE"
    }
}

prepare_demo_template() {
    has "$TEMPLATE_DEMO" || {
        has "$BASE_DEMO" || step "Test database with demo data: Odoo and what we build on" build_base "$BASE_DEMO" --with-demo
        step "Test database with demo data: our addons" build_ours "$BASE_DEMO" "$TEMPLATE_DEMO" --with-demo
    }
}

has() { db marked "$1" >/dev/null; }

# build_base NAME OPTION...
build_base() {
    local name="$1"
    shift
    require_space 1
    db create "${DB_PREFIX}building"
    odoo_offline -d "${DB_PREFIX}building" -i "$(dependency_list)" "$@"
    odoo_script "${DB_PREFIX}building" complete_assets.py
    db rename "${DB_PREFIX}building" "$name"
}

# build_ours BASE NAME OPTION...: what Odoo warns of here is an error of ours.
build_ours() {
    local base="$1" name="$2" log="$LOGS/$STEP_NAME.log"
    shift 2
    db create "${DB_PREFIX}building" "$base"
    odoo_offline -d "${DB_PREFIX}building" -i "$(addon_list)" "$@"
    odoo_offline -d "${DB_PREFIX}building" -u "$(addon_list)" "$@"
    "$VENV_PYTHON" "$ROOT/provision/check_log.py" "$log" ||
        die "Odoo's log warns while the addons are installed or updated; see $log"
    db rename "${DB_PREFIX}building" "$name"
}

drop_leftovers() {
    local name
    for name in $(db list "${DB_PREFIX}run") $(db list "${DB_PREFIX}building") $(db list "${DB_PREFIX}bench"); do db drop "$name"; done
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
