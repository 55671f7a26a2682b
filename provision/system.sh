# shellcheck shell=bash
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
# What comes from Debian: packages of the system, and packages unpacked beside it.

BASE_PACKAGES=(ca-certificates python3 python3-venv tzdata libmagic1 libcairo2 fontconfig fonts-dejavu-core)
CJK_FONT=fonts-noto-cjk
APT_OPTIONS=(-o Acquire::Retries=3 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold
    -o DPkg::Lock::Timeout=300)

is_debian() { grep -qE '^ID="?debian"?$' /etc/os-release 2>/dev/null && have apt-get; }

debian_release() { sed -n 's/^VERSION_CODENAME="\{0,1\}\([a-z]*\).*/\1/p' /etc/os-release; }

installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ||
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$1t64" 2>/dev/null)" = installed ]
}

# missing_packages NAME...: those that the system lacks.
missing_packages() {
    local name
    for name in "$@"; do
        installed "$name" || printf '%s ' "$name"
    done
}

# as_root COMMAND...: sudo only for what needs it; a password was asked for before.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

require_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    have sudo || die "not root and no sudo; have an administrator run: apt-get install $1"
    if ! sudo -n true 2>/dev/null; then
        [ -t 0 ] || die "sudo wants a password and there is no terminal; have an administrator run: apt-get install $1"
        printf '  sudo is needed once, for: apt-get install %s\n' "$1"
        sudo -v || die "no sudo; have an administrator run: apt-get install $1"
    fi
}

apt_install() {
    local log="$LOGS/apt_install.log"
    # What an installation left half done when it was broken off is finished first.
    as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a || true
    as_root apt-get "${APT_OPTIONS[@]}" update || true
    retry 3 as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get "${APT_OPTIONS[@]}" install -y --no-install-recommends "$@" && return
    ! network_down "$log" || die "no network: apt cannot reach the Debian archive; connect and run this again"
    die "apt-get install $* did not succeed; see $log"
}

# ensure_packages NAME...: install what is missing of them.  Elsewhere than on Debian
# nothing is installed; what is then missing is said where it is needed.
ensure_packages() {
    local missing
    is_debian || return 0
    missing="$(missing_packages "$@")"
    missing="${missing% }"
    [ -n "$missing" ] || return 0
    require_root "$missing"
    # shellcheck disable=SC2086  # a list of words
    step "System packages: $(shorten "$missing")" apt_install $missing
}

shorten() { if [ ${#1} -gt 40 ]; then printf '%s…' "${1:0:39}"; else printf '%s' "$1"; fi; }

# A nicety: without it Chinese shows as boxes in PDFs and pictures, and all else works.
ensure_cjk_font() {
    is_debian || return 0
    installed "$CJK_FONT" && return
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null || {
        warn "$CJK_FONT is not installed: Chinese letters may show as boxes in PDF files"
        return 0
    }
    step "Font for Chinese: $CJK_FONT" install_cjk_font
}

install_cjk_font() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get "${APT_OPTIONS[@]}" \
        install -y --no-install-recommends "$CJK_FONT" ||
        warn "$CJK_FONT could not be installed: Chinese letters may show as boxes in PDF files"
}

# private_apt SUITE: an apt that knows this suite of the machine's own Debian mirror, with
# lists of its own, and nothing of what the system has installed: the system stays as it
# is, and does not matter.  Leaves its options in PRIVATE_APT.
private_apt() {
    local home="$STATE/apt/$1"
    mkdir -p "$home/sources" "$home/lists/partial" "$home/cache/archives/partial"
    "$PYTHON_FOUND" "$ROOT/provision/deb_sources.py" "$1" "$(debian_release)" >"$home/sources/debian.sources" ||
        die "no Debian archive found in /etc/apt; add the component main of $(debian_release)"
    PRIVATE_APT=(
        -o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$home/sources"
        -o "Dir::State::lists=$home/lists" -o "Dir::State::status=/dev/null" -o "Dir::Cache=$home/cache"
        -o "APT::Sandbox::User=root" -o "Acquire::Languages=none" "${APT_OPTIONS[@]}"
    )
    [ ! -e "$home/old" ] || PRIVATE_APT+=(-o "Acquire::Check-Valid-Until=false")
    # Asked again only by a new run: one run takes all from one state of the archive.
    [ -e "$home/updated.$$" ] && return
    retry 3 update_lists "$home" || true
    rm -f "$home"/updated.*
    touch "$home/updated.$$"
}

# A mirror that stands still (a snapshot, an offline copy) has lists that are out of date;
# they are signed all the same, and taken.
update_lists() {
    local log="$1/update.log"
    apt-get "${PRIVATE_APT[@]}" update 2>&1 | tee "$log"
    if grep -q 'is expired' "$log" && [ ! -e "$1/old" ]; then
        touch "$1/old"
        PRIVATE_APT+=(-o "Acquire::Check-Valid-Until=false")
        warn "the lists of the Debian mirror are out of date; they are taken as they are"
        return 1
    fi
    ! grep -qE '^(E|Err|W: Failed)' "$log"
}

# offered PACKAGE: does the private apt know it?
offered() {
    [[ "$(apt-cache "${PRIVATE_APT[@]}" policy "$1" 2>/dev/null)" == *'Candidate: '[0-9]* ]]
}

# download FOLDER PACKAGE...: as .deb files; complete ones are kept between runs.
download() {
    local folder="$1"
    shift
    mkdir -p "$folder"
    (cd "$folder" && retry 3 apt-get "${PRIVATE_APT[@]}" download "$@") && return
    ! network_down "$LOGS/$STEP_NAME.log" || die "no network: the Debian archive cannot be reached; connect and run this again"
    die "could not download $* from the Debian archive; see $LOGS/$STEP_NAME.log"
}

# unpack FOLDER TREE: all the .deb files of a folder into a tree. What nobody reads is left
# out, and so is a second, incomplete copy of Odoo's addons in its package.
unpack() {
    local deb
    mkdir -p "$2"
    for deb in "$1"/*.deb; do
        dpkg-deb --fsys-tarfile "$deb" |
            tar -x -C "$2" --no-same-owner --exclude='./usr/share/doc' --exclude='./usr/share/man' \
                --exclude='./usr/lib/python3/dist-packages/addons' --exclude='./usr/share/lintian' \
                --exclude='./usr/share/locale'
    done
}

# with_libraries PACKAGE: it and the shared libraries it depends on, by apt's own reckoning.
# Those that belong to the C compiler are always there, and must be the system's own.
with_libraries() {
    apt-get "${PRIVATE_APT[@]}" install -s --no-install-recommends "$1" |
        awk -v wanted="$1" '$1 == "Inst" && ($2 == wanted || $2 ~ /^lib/) {print $2}' |
        grep -vE '^lib(c6|c-bin|c-l10n|crypt1|gcc-s1|stdc\+\+6|gomp1|llvm.*|z3-.*|clang.*|gl1-mesa-dri|perl.*|.*-perl)$'
}
