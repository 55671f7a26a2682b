# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Chinese names in Latin letters, for addresses that are typed on any phone."""

import re

from pypinyin import lazy_pinyin
from pypinyin.contrib.mmseg import seg

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")


def romanize(text: str) -> str:
    """Return a text with its Chinese parts in pinyin, one hyphen between words.

    Words that the dictionary knows stay together; characters between them go in pairs,
    as most Chinese words have two: 杭州小店 becomes ``hangzhou-xiaodian``. What is not
    Chinese stays as it is.
    """
    return HAN.sub(lambda found: f"-{'-'.join(_syllables(found[0]))}-", text)


def _syllables(text):
    """Yield the words of a Chinese text in pinyin without tones, ü as v."""
    return ["".join(lazy_pinyin(word)) for word in _words(text)]


def _words(text):
    """Yield the words of a text: those that are known, the rest in pairs."""
    single = ""
    for part in [*seg.cut(text), ""]:
        if len(part) == 1:
            single += part
            continue
        yield from (single[i : i + 2] for i in range(0, len(single), 2))
        single = ""
        if part:
            yield part
