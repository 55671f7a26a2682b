# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Where the server of an Odoo configuration is, for PostgreSQL's own programs."""

import configparser
import os

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
    config = configparser.RawConfigParser()
    config.read(conf)
    options = config["options"]
    given = {key: options.get(name) for key, name in NAMES.items() if options.get(name)}
    return {**os.environ, **given}
