# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The translatable terms of our addons: Odoo's own export, and files that follow it."""

import copy
import os
import subprocess
import sys

import polib

ODOO = (sys.executable, "-W", "ignore", "-m", "odoo")


def export(conf, database, addon, path):
    """Write the terms that Odoo finds in an addon to a .pot; return Odoo's log.

    :param database: has the addon, without demo data, whose names are no terms
    """
    done = subprocess.run(
        [*ODOO, "i18n", "export", "-c", conf, "-d", database, "-o", path, addon],
        # Settings in the environment would override the file named here.
        env={name: value for name, value in os.environ.items() if name != "ODOO_RC"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode or not path.exists():
        raise RuntimeError(f"the terms of {addon} are not exported:\n{done.stdout}")
    return done.stdout


def terms(path):
    """Return what a .pot or .po file is about: {term: (where it stands, comment)}."""
    return {
        entry.msgid: (sorted(entry.occurrences), entry.comment)
        for entry in polib.pofile(path, encoding="utf-8")
        if not entry.obsolete
    }


def update(exported, template, translation):
    """Make the files of an addon follow an export, where they differ from it.

    The translations of terms that are still there stay; those of new terms are empty,
    to be written by hand.

    :param exported: the fresh export
    :param template: the addon's .pot
    :param translation: the addon's .po of one language
    """
    fresh = polib.pofile(exported, encoding="utf-8")
    if not template.exists() or terms(template) != terms(exported):
        template.parent.mkdir(exist_ok=True)
        template.write_text(str(fresh), encoding="utf-8")
    if translation.exists() and terms(translation) == terms(exported):
        return
    old = polib.POFile()
    if translation.exists():
        old = polib.pofile(translation, encoding="utf-8")
    words = {entry.msgid: entry.msgstr for entry in old}
    made = copy.deepcopy(fresh)
    for entry in made:
        entry.msgstr = words.get(entry.msgid, "")
    made.metadata = {
        **fresh.metadata,
        "Language": translation.stem,
        **old.metadata,
        "POT-Creation-Date": fresh.metadata["POT-Creation-Date"],
    }
    translation.write_text(str(made), encoding="utf-8")
