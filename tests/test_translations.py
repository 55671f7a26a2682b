# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a user reads is there in Chinese: no term without, none that breaks its text."""

import os
import re
from collections import Counter
from pathlib import Path

import polib
import pytest
from check_log import bad_lines
from export_terms import export, terms, update

ROOT = Path(__file__).parents[1]
ADDONS = ("distributor_crm", "distributor_crm_expense", "distributor_crm_channel")
HELP = (
    "\nRun `UPDATE_TERMS=1 ./run test tests/test_translations.py`, which renews the .pot "
    "and zh_CN.po of each addon, and write the translations that zh_CN.po then lacks."
)
# What a translation carries over as it is: %(name)s, %s, %%, {{ name }} and tags.
KEPT = re.compile(
    r"%\(\w+\)[a-z]|%[sdfr%]|\{\{.*?\}\}|</?[a-z][^>]*>", re.IGNORECASE | re.DOTALL
)
# Attributes of a tag that hold text of their own.
TEXT = re.compile(r'\b(alt|aria-label|data-tooltip|placeholder|string|title)="[^"]*"')


def template(addon):
    return ROOT / addon / "i18n" / f"{addon}.pot"


def chinese(addon):
    return ROOT / addon / "i18n" / "zh_CN.po"


def kept(text):
    """Count what a translation has to carry over."""
    return Counter(TEXT.sub(r"\1", found) for found in KEPT.findall(text))


@pytest.fixture(scope="module")
def database(instance):
    """A clone: whoever is connected to the template keeps others from copying it."""
    name = f"{instance.prefix}_terms"
    instance.server.create(name, instance.template)
    yield name
    instance.server.drop(name)


@pytest.fixture(scope="module", params=ADDONS)
def exported(request, instance, database, tmp_path_factory):
    """An addon, and a fresh export of its terms; renews the files where asked to."""
    addon = request.param
    path = tmp_path_factory.mktemp("terms") / f"{addon}.pot"
    log = export(instance.conf, database, addon, path)
    assert not bad_lines(log), bad_lines(log)
    if os.environ.get("UPDATE_TERMS"):
        update(path, template(addon), chinese(addon))
    return addon, path


def test_template_holds_the_terms_of_the_addon(exported):
    addon, path = exported
    assert template(addon).exists(), HELP
    fresh, held = terms(path), terms(template(addon))
    assert fresh, f"{addon} has no terms at all"
    changed = [term for term in fresh.keys() & held if fresh[term] != held[term]]
    found = {
        "missing": sorted(fresh.keys() - held),
        "not used any more": sorted(held.keys() - fresh),
        "used elsewhere": sorted(changed),
    }
    assert not any(found.values()), f"{template(addon).name}: {found}{HELP}"


# After the test above, which renews the files where asked to.
@pytest.mark.parametrize("addon", ADDONS)
def test_chinese_is_complete(addon):
    assert chinese(addon).exists(), HELP
    file = polib.pofile(chinese(addon), encoding="utf-8", check_for_duplicates=True)
    assert file.metadata["Language"] == "zh_CN"
    wanted = terms(template(addon))
    given = {entry.msgid for entry in file if entry.msgstr.strip()}
    wrong = {
        "lacking": sorted(wanted.keys() - given),
        "fuzzy": [entry.msgid for entry in file if entry.fuzzy],
        "not used any more": [entry.msgid for entry in file if entry.obsolete],
    }
    assert not any(wrong.values()), f"{addon}: {wrong}{HELP}"
    assert terms(chinese(addon)) == wanted, HELP


@pytest.mark.parametrize("addon", ADDONS)
def test_chinese_keeps_placeholders_and_tags(addon):
    file = polib.pofile(chinese(addon), encoding="utf-8")
    broken = {
        entry.msgid: entry.msgstr
        for entry in file
        if entry.msgstr and kept(entry.msgid) != kept(entry.msgstr)
    }
    assert not broken


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("%(a)s of %(b)s", "%(a)s"),
        ("%s of %s", "%s"),
        ("%(rate)s%% a year", "%(rate)s% 每年"),
        ("{{ object.name }}", "{{ object.ref }}"),
        ("<b>Due</b>", "<b>到期"),
        ('<a href="/my">Due</a>', '<a href="/me">到期</a>'),
    ],
)
def test_the_comparison_sees_what_is_lost(source, translation):
    assert kept(source) != kept(translation)


def test_the_comparison_lets_words_change():
    source = '<i title="Due">%(count)s due</i>, 100 %.'
    assert kept(source) == kept('<i title="到期">%(count)s 到期</i>，100%。')
