# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Find what Odoo warns of.

usage: check_log.py LOG.  Prints the lines of level WARNING and above; exit 1 where there
are any.
"""

import re
import sys
from pathlib import Path

BAD = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")


def bad_lines(text):
    return [line for line in text.splitlines() if BAD.match(line)]


if __name__ == "__main__":
    found = bad_lines(Path(sys.argv[1]).read_text(errors="replace"))
    print(*found, sep="\n")
    sys.exit(bool(found))
