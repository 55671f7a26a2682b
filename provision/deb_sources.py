# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Write the machine's own Debian archive entries with another suite's name.

usage: deb_sources.py SUITE CODENAME [FOLDER]

In: the wanted suite, the machine's own release, apt's configuration folder (/etc/apt).
Out, on standard output: a deb822 file that apt reads.  Only the main Debian archive
counts: not its updates and security suites, and nobody else's packages.
"""

import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

ALIASES = {"stable", "oldstable", "testing", "unstable", "sid"}
ONE_LINE = re.compile(r"deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<rest>\S+\s+.+)")


def one_line_entries(text):
    """Yield (uri, suites, components, options) of a sources.list."""
    for line in text.splitlines():
        match = ONE_LINE.match(line.split("#", 1)[0].strip())
        if not match:
            continue
        uri, suite, *components = match["rest"].split()
        options = dict(
            pair.split("=", 1)
            for pair in (match["options"] or "").split()
            if "=" in pair
        )
        yield uri, [suite], components, options.get("signed-by", "")


def deb822_entries(text):
    """Yield (uri, suites, components, signed-by) of a .sources file."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for stanza in re.split(r"\n\s*\n", "\n".join(lines)):
        # A field goes on in the lines that start with a space (an inline key does).
        fields = {
            name.lower(): value.strip()
            for name, value in re.findall(
                r"^([\w-]+):((?:.*)(?:\n[ \t].*)*)", stanza, re.MULTILINE
            )
        }
        if "deb" not in fields.get("types", "").split():
            continue
        if fields.get("enabled", "yes").lower() in {"no", "false", "0"}:
            continue
        for uri in fields.get("uris", "").split():
            yield (
                uri,
                fields.get("suites", "").split(),
                fields.get("components", "").split(),
                fields.get("signed-by", ""),
            )


def entries(folder):
    """Yield the entries of all files that apt reads."""
    plain = [folder / "sources.list", *sorted(folder.glob("sources.list.d/*.list"))]
    for path in plain:
        if path.is_file():
            yield from one_line_entries(path.read_text(errors="replace"))
    for path in sorted(folder.glob("sources.list.d/*.sources")):
        yield from deb822_entries(path.read_text(errors="replace"))


def is_debian(uri):
    """Tell whether an archive's address looks like Debian's own or a mirror's."""
    parts = urlsplit(uri)
    if parts.path.rstrip("/").endswith("-security"):
        return False
    return bool(re.search(r"/debian/?$|/archive/debian/", parts.path))


def main(suite, codename, folder="/etc/apt"):
    found = {
        uri: signed_by
        for uri, suites, components, signed_by in entries(Path(folder))
        if "main" in components
        and ALIASES.union([codename]).intersection(suites)
        and not uri.rstrip("/").endswith("-security")
    }
    # A mirror under a name of its own is taken only where nothing better is there.
    chosen = {uri: key for uri, key in found.items() if is_debian(uri)} or found
    for uri, signed_by in chosen.items():
        print(f"Types: deb\nURIs: {uri}\nSuites: {suite}\nComponents: main")
        if signed_by:
            # A key that is written out, rather than named, starts on a line of its own.
            gap = "\n " if "\n" in signed_by else " "
            print(f"Signed-By:{gap}{signed_by}")
        print()
    return 0 if chosen else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
