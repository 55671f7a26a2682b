# shellcheck shell=bash
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
# The measurement of rebates, on the databases and the server of the tests.

BENCH="$STATE/bench"
# Measured beside ours, and no part of the product.
PEERS=(agreement agreement-rebate account-invoice-refund-link commission-oca account-commission-oca)

command_bench() {
    local size largest=0 code=0
    [ $# -gt 0 ] || set -- 10000 100000 1000000
    for size in "$@"; do
        case "$size" in
            *[!0-9]* | 0* | ????????*) die "a size is a number of invoice lines, at most 9999999; usage: ./run bench [SIZE...]" 2 ;;
        esac
        [ "$size" -le "$largest" ] || largest="$size"
    done
    open_state
    prepare
    # About 2.5 GB of ledger for a million lines, as much of evidence and of the floor's.
    require_space $((2 + largest / 100000))
    use_cluster test "${FAST_SETTINGS[@]}"
    write_conf bench "max_cron_threads = 0" "log_level = warn"
    drop_leftovers
    name_templates
    prepare_plain_template
    mkdir -p "$BENCH"
    [ -d "$BENCH/peers/odoo/addons/agreement_rebate" ] ||
        step "OCA's addons to measure beside ours" fetch_peers
    cd "$ROOT" || exit
    env -u ODOO_RC -u DATABASE_URL "$VENV_PYTHON" -W ignore bench/rebate_speed.py \
        --conf "$CONF" --base "$BASE" --template "$TEMPLATE" --prefix "${DB_PREFIX}bench" \
        --peers "$BENCH/peers/odoo/addons" --rounds "${ROUNDS:-3}" \
        --json "$BENCH/result.json" "$@" || code=$?
    drop_leftovers
    external_database || stop_cluster test >/dev/null
    [ "$code" -ne 0 ] || printf '\nall figures: %s\n' "$BENCH/result.json"
    exit "$code"
}

# Without them the rest is measured all the same.
fetch_peers() {
    local tree="$BENCH/peers" names=("${PEERS[@]/#/odoo-addon-}")
    rm -rf "$tree" "$tree.new"
    retry 2 "$VENV_PYTHON" -m pip install --no-deps --only-binary :all: \
        --disable-pip-version-check --no-input --target "$tree.new" "${names[@]/%/==19.0.*}" || {
        warn "OCA's addons cannot be fetched; nothing is measured beside them"
        return 0
    }
    mv "$tree.new" "$tree"
}
