# shellcheck shell=bash
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
# Odoo 19: the one that is there (ODOO_HOME, or importable), or Debian's, unpacked beside
# the system.  And wkhtmltopdf, which makes its PDF files.

PREFIX="$STATE/odoo"
TOOLS="$STATE/tools"
LINK="$STATE/odoo-path"
ODOO_PACKAGES=(
    odoo-19 libjs-jquery libjs-underscore libjs-jquery-form fonts-roboto-unhinted
    fonts-glyphicons-halflings fonts-montserrat fonts-ocr-b gsfonts
)
# The newer ones of these have other file names than Odoo 19 asks for.
OWN_SUITE_PACKAGES=(fonts-font-awesome fonts-inconsolata)
PDF_SUITE=bookworm # the last release with wkhtmltopdf

ensure_odoo() {
    local package
    if [ -n "${ODOO_HOME:-}" ]; then
        package="$ODOO_HOME/odoo"
        [ -f "$package/release.py" ] || die "ODOO_HOME=$ODOO_HOME holds no odoo/release.py; it must be the folder that holds odoo-bin or the package odoo"
    elif ! package="$(importable_odoo)"; then
        is_debian || die "no Odoo 19 here and this is not Debian; set ODOO_HOME to the folder of an Odoo 19"
        package="$PREFIX/usr/lib/python3/dist-packages/odoo"
        [ -s "$STAMPS/odoo" ] || fetch_odoo
    fi
    grep -qE '^version_info *= *\(19, *0' "$package/release.py" ||
        die "$package is not Odoo 19.0; set ODOO_HOME to one that is"
    # The package alone is put on the path, so that its neighbours hide none of our own.
    mkdir -p "$LINK"
    ln -sfn "$(cd "$package" && pwd -P)" "$LINK/odoo"
    ODOO_ADDONS="$LINK/odoo/addons"
    # In a source checkout most addons lie beside the package.
    [ -d "$package/addons/web" ] || ODOO_ADDONS="$(cd "$package/../addons" && pwd -P),$ODOO_ADDONS"
    ODOO_VERSION="$(sed -n "s/^version_info *= *\(.*\)/\1/p" "$package/release.py") $(cat "$STAMPS/odoo" 2>/dev/null || true)"
    export PYTHONPATH="$LINK" PYTHONDONTWRITEBYTECODE=
}

# The folder of an Odoo 19 that the Python at hand imports; OCA addons alone do not count.
importable_odoo() {
    (cd / && "$PYTHON_FOUND" -c '
import odoo.release, pathlib, sys
print(pathlib.Path(odoo.release.__file__).parent)
sys.exit(odoo.release.version_info[:2] != (19, 0))' 2>/dev/null)
}

fetch_odoo() {
    require_space 6
    step "Odoo 19 from Debian: download" download_odoo
    step "Odoo 19: unpack" unpack_odoo
}

download_odoo() {
    private_apt unstable
    offered odoo-19 || {
        ! network_down "$LOGS/$STEP_NAME.log" || die "no network: the Debian archive cannot be reached; connect and run this again"
        die "the Debian archive that /etc/apt names has no odoo-19 in its unstable suite; name another mirror there, or set ODOO_HOME"
    }
    download "$STATE/debs/odoo" "${ODOO_PACKAGES[@]}"
    private_apt "$(debian_release)"
    download "$STATE/debs/odoo" "${OWN_SUITE_PACKAGES[@]}"
}

unpack_odoo() {
    local version
    rm -rf "$PREFIX" "$PREFIX.new"
    unpack "$STATE/debs/odoo" "$PREFIX.new"
    complete_fonts "$PREFIX.new"
    version="$(basename "$STATE"/debs/odoo/odoo-19_*.deb)"
    mv "$PREFIX.new" "$PREFIX"
    rm -rf "$STATE/debs/odoo"
    stamp odoo "$version"
}

# complete_fonts PREFIX: Odoo's icons are links into font packages whose files have moved
# since; put the files themselves in, and leave no link that leads nowhere.
complete_fonts() {
    local odoo="$1/usr/lib/python3/dist-packages/odoo" fonts name target
    fonts="$1/usr/share/fonts-font-awesome/fonts"
    for target in "$odoo/addons/web/static/lib/fontawesome/fonts" "$odoo/addons/web/static/src/libs/fontawesome/fonts"; do
        [ -e "$target" ] || [ -L "$target" ] || continue
        [ ! -L "$target" ] || rm "$target"
        mkdir -p "$target"
        for name in FontAwesome.otf fontawesome-webfont.{eot,svg,ttf,woff,woff2}; do
            [ -e "$fonts/$name" ] || continue
            rm -f "$target/$name"
            cp -L "$fonts/$name" "$target/$name"
        done
        [ -s "$target/fontawesome-webfont.woff2" ] || die "the icons' font is missing in the Debian packages"
    done
    find "$odoo" -xtype l -print | while read -r name; do
        target="$(find "$1/usr/share" -type f -name "$(basename "$(readlink "$name")")" -print -quit)"
        rm "$name"
        if [ -n "$target" ]; then
            cp "$target" "$name"
        else
            warn "Odoo's ${name#"$odoo"/} is missing in the Debian packages"
        fi
    done
}

# wkhtmltopdf: the system's, or one unpacked with the libraries that the system lacks.
ensure_pdf() {
    export PATH="$TOOLS/bin:$PATH"
    if [ ! -O "${XDG_RUNTIME_DIR:-}" ]; then
        # Without a folder of its own wkhtmltopdf complains, and Odoo logs that as a warning.
        mkdir -p "$TOOLS/runtime" && chmod 700 "$TOOLS/runtime"
        export XDG_RUNTIME_DIR="$TOOLS/runtime"
    fi
    have wkhtmltopdf && return
    is_debian || {
        warn "no wkhtmltopdf on the path: reports cannot be printed as PDF"
        return 0
    }
    step "wkhtmltopdf, for PDF files" fetch_pdf
}

fetch_pdf() {
    local packages suite tree="$TOOLS/wkhtmltopdf"
    rm -rf "$tree" "$STATE/debs/pdf"
    for suite in "$(debian_release)" "$PDF_SUITE"; do
        private_apt "$suite"
        ! offered wkhtmltopdf || break
    done
    mapfile -t packages < <(with_libraries wkhtmltopdf)
    [ ${#packages[@]} -gt 0 ] || die "no wkhtmltopdf in the Debian archive; install one on the path"
    download "$STATE/debs/pdf" "${packages[@]}"
    unpack "$STATE/debs/pdf" "$tree"
    rm -rf "$STATE/debs/pdf"
    make_wrapper "$tree" "$tree/usr/bin/wkhtmltopdf" "$STATE/wkhtmltopdf.new"
    prove_pdf "$STATE/wkhtmltopdf.new"
    mkdir -p "$TOOLS/bin"
    mv "$STATE/wkhtmltopdf.new" "$TOOLS/bin/wkhtmltopdf"
}

# library_path TREE: the folders of a tree that hold shared libraries.
library_path() {
    find "$1" -name '*.so*' \( -type f -o -type l \) -printf '%h\n' | sort -u |
        grep -vE '/(qt5|gconv|engines|ossl-modules|plugins|dri|gdk-pixbuf)' | paste -sd: -
}

# make_wrapper TREE PROGRAM FILE: a script that runs a program of the tree with its libraries.
make_wrapper() {
    cat >"$3" <<WRAPPER
#!/bin/sh
LD_LIBRARY_PATH='$(library_path "$1")'
QT_PLUGIN_PATH='$(find "$1" -type d -path '*/qt5/plugins' -print -quit)'
export LD_LIBRARY_PATH QT_PLUGIN_PATH
export QT_QPA_PLATFORM=offscreen
exec '$2' "\$@"
WRAPPER
    chmod +x "$3"
}

prove_pdf() {
    local folder="$STATE/pdf-proof"
    mkdir -p "$folder"
    printf '<h1>100%%</h1>' >"$folder/in.html"
    "$1" -q "$folder/in.html" "$folder/out.pdf" && [ "$(head -c 4 "$folder/out.pdf")" = "%PDF" ] ||
        die "the wkhtmltopdf of Debian does not run here; install one on the path"
    rm -rf "$folder"
}
