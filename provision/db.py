# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Databases with their file stores: what `run` needs, without PostgreSQL's own programs.

usage: db.py settings                      the server that the environment names, for bash
       db.py CONF marked NAME              print its mark; exit 1 where there is no such one
       db.py CONF mark NAME TEXT           a mark says what a database was made from
       db.py CONF create NAME [TEMPLATE]   anew, dropping one of that name
       db.py CONF drop NAME...             those that exist
       db.py CONF rename OLD NEW
       db.py CONF list PREFIX              names that start so

CONF is the Odoo configuration that says where the server and the file store are.
"""

import configparser
import os
import shlex
import shutil
import sys
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg2
from psycopg2 import sql

PATIENCE = 120  # seconds


def settings(environ):
    """Return host, port, user and password that DATABASE_URL or ODOO_RC name."""
    if environ.get("DATABASE_URL"):
        url = urlsplit(environ["DATABASE_URL"])
        if url.scheme not in {"postgres", "postgresql"}:
            raise SystemExit("DATABASE_URL must start with postgres://")
        values = (url.hostname, url.port, url.username, url.password)
        return [unquote(str(value)) if value else "" for value in values]
    config = configparser.RawConfigParser()
    if not config.read(environ["ODOO_RC"]):
        raise SystemExit(f"cannot read ODOO_RC={environ['ODOO_RC']}")
    options = [
        config.get("options", f"db_{name}", fallback="")
        for name in ("host", "port", "user", "password")
    ]
    return ["" if value in {"False", "None"} else value for value in options]


def read_options(conf):
    """Return the options of an Odoo configuration."""
    config = configparser.RawConfigParser()
    config.read(conf)
    return config["options"]


class Server:
    """A database server and the file store that belongs to it."""

    def __init__(self, conf):
        self.options = read_options(conf)
        self.filestore = Path(self.options["data_dir"], "filestore")
        self.connection = self.connect("postgres")
        self.connection.autocommit = True
        self.cursor = self.connection.cursor()

    def connect(self, name):
        """Return a connection to one of its databases."""
        return psycopg2.connect(
            dbname=name,
            **{
                key: self.options.get(f"db_{key}") or None
                for key in ("host", "port", "user", "password")
            },
        )

    def _run(self, query, *names):
        self.cursor.execute(sql.SQL(query).format(*map(sql.Identifier, names)))

    def list(self, prefix):
        self.cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
        )
        return [name for (name,) in self.cursor.fetchall()]

    def marked(self, name):
        self.cursor.execute(
            "SELECT shobj_description(oid, 'pg_database')"
            " FROM pg_database WHERE datname = %s",
            [name],
        )
        row = self.cursor.fetchone()
        return row and (row[0] or "")

    def mark(self, name, text):
        query = sql.SQL("COMMENT ON DATABASE {} IS {}")
        self.cursor.execute(query.format(sql.Identifier(name), sql.Literal(text)))

    def drop(self, *names):
        for name in names:
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
            shutil.rmtree(self.filestore / name, ignore_errors=True)

    def create(self, name, template="template0"):
        self.drop(name)
        for left in reversed(range(PATIENCE)):
            try:
                self._run(
                    "CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE {}", name, template
                )
                break
            except psycopg2.errors.ObjectInUse:
                # Another process reads the template, or copies it, for a moment.
                if not left:
                    raise
                time.sleep(1)
        source = self.filestore / template
        if source.is_dir():
            # Odoo never changes a stored file, so a second name for it is a copy.
            shutil.copytree(source, self.filestore / name, copy_function=os.link)

    def rename(self, old, new):
        # The files go first: what is broken off here is built again from the start.
        shutil.rmtree(self.filestore / new, ignore_errors=True)
        if (self.filestore / old).is_dir():
            (self.filestore / old).rename(self.filestore / new)
        self._run("ALTER DATABASE {} RENAME TO {}", old, new)


def main(arguments):
    if arguments == ["settings"]:
        names = ("DB_HOST", "DB_PORT", "DB_USER", "DB_PASSWORD")
        for name, value in zip(names, settings(os.environ), strict=True):
            print(f"{name}={shlex.quote(value)}")
        return 0
    conf, command, *names = arguments
    try:
        server = Server(conf)
    except psycopg2.OperationalError as error:
        print(f"no PostgreSQL answers: {str(error).splitlines()[0]}", file=sys.stderr)
        return 3
    result = getattr(server, command)(*names)
    if command == "marked":
        if result is None:
            return 1
        print(result)
    elif command == "list":
        print(*result, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
