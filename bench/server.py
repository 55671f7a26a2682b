# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Where the server of an Odoo configuration is, for PostgreSQL's own programs."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "provision"))
from db import read_options  # noqa: E402

NAMES = {
    "PGHOST": "db_host",
    "PGPORT": "db_port",
    "PGUSER": "db_user",
    "PGPASSWORD": "db_password",
}


def environment(conf):
    """Return the environment in which `createdb` and the like find the server.

    :param conf: path of the Odoo configuration
    """
    options = read_options(conf)
    given = {key: options.get(name) for key, name in NAMES.items() if options.get(name)}
    return {**os.environ, **given}
