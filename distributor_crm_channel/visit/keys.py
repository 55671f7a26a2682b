# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One spelling for people: phones without country codes, names in Chinese and pinyin."""

import re
import unicodedata
from functools import lru_cache

from odoo.addons.distributor_crm.growth.duplicates import normalize_name
from odoo.addons.distributor_crm.pinyin import HAN, romanize

CHINESE_MOBILE = re.compile(r"1[3-9]\d{9}")
NORTH_AMERICA = "1"
# Calling codes of two digits (ITU E.164); all others but 1 and 7 have three.
CALLING_CODES = set(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61"
    " 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split()
)
SHORTEST, LONG = 6, 9
# Several numbers in one field: the first counts.
SEVERAL = re.compile(r"[/;,、；，|]|\bor\b|或")
EXTENSION = re.compile(r"(ext|extension|x|转|分机)\.?\s*\d+\s*$", re.IGNORECASE)
TITLES = re.compile(
    r"(先生|女士|小姐|太太|老师|经理|总经理|老板)$"
    r"|^(mr|mrs|ms|miss|dr)\b\.?",
    re.IGNORECASE,
)
# Read otherwise as a surname than in most words.
SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "朴": "piao",
    "查": "zha",
    "任": "ren",
    "盖": "ge",
    "翟": "zhai",
    "乐": "yue",
    "覃": "qin",
    "缪": "miao",
    "华": "hua",
    "牟": "mou",
    "冼": "xian",
    "谌": "chen",
    "尉迟": "yuchi",
    "万俟": "moqi",
    "长孙": "zhangsun",
    "缑": "gou",
    "员": "yun",
    "晟": "cheng",
    "幺": "yao",
    "种": "chong",
    "召": "shao",
    "纪": "ji",
    "葛": "ge",
    "宁": "ning",
    "石": "shi",
    "洗": "xian",
}
COMPOUND_SURNAMES = {
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "夏侯",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "长孙",
    "宇文",
    "司徒",
    "东方",
    "南宫",
    "令狐",
    "万俟",
}
LONGEST_PERSON = 4


def phone_key(text: str | None, code: int | None = None) -> str:
    """Return a phone number as one string of digits, whatever way it was typed.

    Country codes, blanks, signs, full-width digits, leading zeros and extensions go.
    Numbers of North America keep their 1, which people type or leave out.

    :param code: calling code of the country whose numbers need none, e.g. 86
    :return: empty where there are fewer than six digits
    """
    typed = unicodedata.normalize("NFKC", text or "").strip()
    typed = EXTENSION.sub("", SEVERAL.split(typed)[0]).strip()
    digits = re.sub(r"\D", "", typed)
    if len(digits) < SHORTEST:
        return ""
    if typed.lstrip("( ").startswith("+"):
        return _national(digits)
    if digits.startswith("00"):
        return _national(digits[2:])
    for number in (digits, digits.removeprefix("86"), digits.removeprefix("0")):
        if CHINESE_MOBILE.fullmatch(number):
            return number
    prefix = str(code or "")
    if prefix == NORTH_AMERICA:
        bare = digits.lstrip("0")
        return f"1{bare}" if len(bare) == len("2125550100") else bare
    if prefix and digits.startswith(prefix) and len(digits) - len(prefix) >= LONG:
        return _national(digits)
    return digits.lstrip("0")


def _national(digits):
    """Return an international number without its calling code, and without zeros."""
    if digits[0] == NORTH_AMERICA:
        return digits
    if digits[0] == "7":
        length = 1
    else:
        length = 2 if digits[:2] in CALLING_CODES else 3
    return digits[length:].lstrip("0")


def phone_neighbours(key: str) -> list[str]:
    """Return the numbers that one slip makes of a key: a wrong digit, two swapped."""
    found = set()
    for place, digit in enumerate(key):
        found.update(
            f"{key[:place]}{other}{key[place + 1 :]}"
            for other in "0123456789"
            if other != digit
        )
        if place:
            found.add(f"{key[: place - 1]}{digit}{key[place - 1]}{key[place + 1 :]}")
    return sorted(found - {key})


def name_key(text: str | None) -> str:
    """Return a name without blanks, signs, case and titles; Chinese stays Chinese."""
    typed = unicodedata.normalize("NFKC", text or "").strip()
    return re.sub(r"[\W_]", "", TITLES.sub("", typed)).casefold()


def pinyin_key(text: str | None) -> str:
    """Return a name in Latin letters: Chinese in pinyin, accents and blanks gone.

    张三, Zhang San and ZHANG-SAN are one.
    """
    return "".join(_syllables(text))


def pinyin_keys(text: str | None) -> list[str]:
    """Return the spellings under which a person may be known: surname first, or last.

    What is stored is one key; what is looked for are all of these.
    """
    parts = _syllables(text)
    if not parts:
        return []
    if len(parts) > LONGEST_PERSON:
        return ["".join(parts)]
    turned = (parts[place:] + parts[:place] for place in range(len(parts)))
    return list(dict.fromkeys("".join(one) for one in turned))


def _syllables(text):
    """Return the parts of a name: surname and given name; the words of a company."""
    typed = TITLES.sub("", unicodedata.normalize("NFKC", text or "").strip())
    han = re.sub(r"[\s·•.]", "", typed)
    if HAN.fullmatch(han) and len(han) <= LONGEST_PERSON:
        length = 2 if han[:2] in COMPOUND_SURNAMES and len(han) > 2 else 1
        surname, given = han[:length], han[length:]
        spelled = SURNAMES.get(surname) or _spell(surname)
        rest = _spell(given)
        return [part for part in (spelled, rest) if part]
    words = re.split(r"[\W_]+", romanize(typed))
    return [part for part in map(_latin, words) if part]


def company_key(text: str | None) -> str:
    """Return the name of a company in Latin letters, without its legal form."""
    bare = normalize_name(unicodedata.normalize("NFKC", text or ""))
    return _latin(romanize(bare))


def _spell(text):
    """Return a text sign by sign in pinyin: names are no words of a dictionary."""
    return "".join(map(_spell_sign, text))


@lru_cache(maxsize=8192)
def _spell_sign(sign):
    return _latin(romanize(sign)) if HAN.fullmatch(sign) else sign


def _latin(text):
    """Return letters and digits without case and accents; ü, v and u are one."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"[\W_]", "", plain)
    return re.sub(r"(?<=[ln])(v|yu)", "u", plain)
