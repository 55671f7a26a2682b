# shellcheck shell=bash
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
# What every part uses: messages, steps with their duration, stamps, the lock.

LOGS="$STATE/log"
STAMPS="$STATE/stamps"
STEP_PID=""

# die MESSAGE [CODE]: one line that says what to do, and out.  Inside a step the line goes
# to a file, so that it is printed after the step's own line, and alone.
die() {
    if [ -n "${STEP_ERROR:-}" ]; then
        printf '%s\n' "$1" >"$STEP_ERROR"
    else
        printf 'run: %s\n' "$1" >&2
    fi
    exit "${2:-1}"
}

warn() {
    if [ -n "${STEP_ERROR:-}" ]; then
        printf '%s\n' "$1" >>"$LOGS/warnings"
    else
        printf 'run: warning: %s\n' "$1" >&2
    fi
}

# have NAME: is there such a program?
have() { command -v "$1" >/dev/null 2>&1; }

# digest: the first half of the SHA-256 of what comes in.
digest() { sha256sum | cut -c1-32; }

# stamp NAME VALUE / stamped NAME VALUE: a step writes its stamp at its very end, so what
# was broken off has none and runs again.
stamp() { printf '%s\n' "$2" >"$STAMPS/$1.new" && mv "$STAMPS/$1.new" "$STAMPS/$1"; }
stamped() { [ "$(cat "$STAMPS/$1" 2>/dev/null)" = "$2" ]; }

open_state() {
    mkdir -p "$LOGS" "$STAMPS" 2>/dev/null ||
        die "cannot write to $STATE; set DISTRIBUTOR_CRM_STATE to a folder of yours"
    [ -O "$STATE" ] || die "$STATE belongs to another user; run this as that one, or set DISTRIBUTOR_CRM_STATE to a folder of yours"
    exec 9>>"$STATE/lock"
    if ! flock -w 3 9; then
        die "another ./run is at work here (process $(cat "$STATE/lock.pid" 2>/dev/null || echo '?')); wait for it, or stop that one"
    fi
    echo $$ >"$STATE/lock.pid"
    rm -f "$LOGS/warnings"
    trap 'interrupted INT 130' INT
    trap 'interrupted TERM 143' TERM
    trap 'interrupted HUP 129' HUP
}

# A step runs in a process group of its own, so that one signal ends all it started.
interrupted() {
    trap - INT TERM HUP
    if [ -n "$STEP_PID" ]; then
        end_group "$STEP_PID"
    fi
    printf '\nrun: stopped; the same command goes on from here\n' >&2
    exit "$2"
}

# end_group GROUP: politely, and after ten seconds not so; nothing of it goes on alone.
end_group() {
    local left=50
    kill -TERM -- "-$1" 2>/dev/null || true
    while kill -0 -- "-$1" 2>/dev/null; do
        left=$((left - 1))
        [ $left -ne 0 ] || kill -KILL -- "-$1" 2>/dev/null || true
        [ $left -gt -10 ] || break
        sleep 0.2
    done
}

clock() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }

# took START: the time since then, as "12.3 s".
took() {
    local tenths=$((($(clock) - $1) / 100000))
    printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
}

# step TITLE FUNCTION ARGS...: run it with its output in a log of its own; one line tells
# what it is and how long it took.
step() {
    local title="$1" start log code=0
    shift
    log="$LOGS/$1.log"
    start="$(clock)"
    printf '  %-58s ' "$title"
    rm -f "$log.error"
    set -m
    (
        set -Eeuo pipefail
        STEP_ERROR="$log.error" STEP_NAME="$1"
        "$@"
    ) >"$log" 2>&1 </dev/null &
    STEP_PID=$!
    set +m
    wait "$STEP_PID" || code=$?
    STEP_PID=""
    if [ "$code" -ne 0 ]; then
        printf 'failed\n'
        if [ ! -s "$log.error" ]; then
            tail -n 15 "$log" >&2
            echo "'$title' did not succeed; all it said is in $log" >"$log.error"
        fi
        printf 'run: %s\n' "$(cat "$log.error")" >&2
        exit "$code"
    fi
    printf '%9s\n' "$(took "$start")"
    if [ -s "$LOGS/warnings" ]; then
        sed 's/^/run: warning: /' "$LOGS/warnings" >&2
        rm -f "$LOGS/warnings"
    fi
}

# retry COUNT COMMAND...: networks stumble.
retry() {
    local left="$1"
    shift
    until "$@"; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 3
    done
}

# network_down LOG: does what a download wrote tell of a missing network?
network_down() {
    grep -qiE 'could not resolve|temporary failure (in name resolution|resolving)|network is unreachable|could not connect|connection (failed|refused|timed out)|failed to establish|no route to host|name or service not known|unable to connect' "$1"
}

# require_space GIGABYTES: in the state folder's file system.
require_space() {
    local free
    free="$(df -Pk "$STATE" | awk 'NR == 2 {print int($4 / 1048576)}')"
    [ "$free" -ge "$1" ] ||
        die "too little disk: $free GB are free for $STATE and $1 GB are needed; make room or set DISTRIBUTOR_CRM_STATE to another disk"
}

# alive PIDFILE: is the process it names there?
alive() {
    local pid
    pid="$(head -n 1 "$1" 2>/dev/null)" && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null
}
