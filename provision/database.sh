# shellcheck shell=bash
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
# Odoo's settings, its program, and the making of databases.

# write_conf NAME KEY=VALUE...: Odoo's settings for the server in use; leaves CONF.
write_conf() {
    local name value
    CONF="$STATE/$1.conf"
    shift
    mkdir -p "$STATE/data"
    [ -s "$STATE/secret" ] || (
        umask 077
        head -c 24 /dev/urandom | base64 | tr -d '/+=' >"$STATE/secret"
    )
    (
        umask 077
        {
            echo "[options]"
            for name in host port user password; do
                value="DB_${name^^}"
                [ -z "${!value:-}" ] || echo "db_$name = ${!value}"
            done
            echo "addons_path = $ODOO_ADDONS,$ROOT"
            echo "data_dir = $STATE/data/$CLUSTER"
            echo "http_interface = 127.0.0.1"
            echo "list_db = False"
            echo "admin_passwd = $(cat "$STATE/secret")"
            printf '%s\n' "$@"
        } >"$CONF.new"
    )
    mv "$CONF.new" "$CONF"
    db list _ >/dev/null 2>"$LOGS/database.log" ||
        die "no PostgreSQL answers at ${DB_HOST:-localhost}${DB_PORT:+:$DB_PORT}: $(cut -c1-200 "$LOGS/database.log" | sed -n 1p)"
}

db() { "$VENV_PYTHON" "$ROOT/provision/db.py" "$CONF" "$@"; }

# odoo COMMAND ARGS...: Odoo with the settings in use; its log goes to standard error.
odoo() {
    local command="$1"
    shift
    # ODOO_RC would override the file named here.
    (cd "$ROOT" && exec env -u ODOO_RC -u DATABASE_URL "$VENV_PYTHON" -W ignore -m odoo "$command" -c "$CONF" "$@")
}

# odoo_offline ARGS...: install or update, without serving anything.
odoo_offline() { odoo server --no-http --max-cron-threads=0 --stop-after-init "$@"; }

# odoo_script DATABASE FILE: run a Python file that finds `env`; exceptions end it.
odoo_script() {
    odoo shell -d "$1" --no-http --max-cron-threads=0 --logfile="$LOGS/odoo_script.log" <"$ROOT/provision/$2"
}

# tree_digest EXCLUDE...: of all files of the addons but those.
tree_digest() {
    local skip=()
    for pattern in "$@"; do skip+=(! -path "$pattern"); done
    (cd "$ROOT" && find "${ADDONS[@]}" -type f ! -name '*.py[co]' ! -path '*/tests/*' "${skip[@]}" -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum) | digest
}

addon_list() { (IFS=, && echo "${ADDONS[*]}"); }

# The addons of others that ours need, from their manifests.
dependency_list() {
    (cd "$ROOT" && "$VENV_PYTHON" -c '
import ast, pathlib, sys
needed = {
    name
    for addon in sys.argv[1:]
    for name in ast.literal_eval(pathlib.Path(addon, "__manifest__.py").read_text())["depends"]
}
print(*sorted(needed.difference(sys.argv[1:])), sep=",")' "${ADDONS[@]}")
}
