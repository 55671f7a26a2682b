# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Where a place lies: city names and stretches of postal codes, compared as people do."""

# Sorts after every letter and digit that a postal code has.
LAST = "\uffff"


def normalize(city, code):
    """Return a city and a postal code as they are compared: case and blanks apart."""
    city, code = city or "", code or ""
    return " ".join(city.casefold().split()), "".join(code.upper().split())


def stretch(prefix, first, last):
    """Return the first and the last code of a stretch; None where all codes are in it.

    What codes start with is a stretch as well: 61 goes from 61 to 61…

    :param first: the codes from here on; compared letter by letter
    :param last: until here, with all that starts so
    """
    first, last = (first or prefix, last or prefix) if first or last else (prefix,) * 2
    return (first, last + LAST if last else LAST) if first or last else None


def is_in(span, code):
    """Whether a postal code lies in a stretch; None where no code is given."""
    if span is None:
        return True
    if not code:
        return None
    return span[0] <= code <= span[1]


def meet(one, other):
    """Whether some postal code may lie in both stretches."""
    return not one or not other or (one[0] <= other[1] and other[0] <= one[1])


def width(span):
    """Return how narrow a stretch is: by how many letters all of its codes agree."""
    if span is None:
        return 0
    first, last = span[0], span[1].removesuffix(LAST)
    same = next(
        (
            n
            for n, pair in enumerate(zip(first, last, strict=False))
            if pair[0] != pair[1]
        ),
        min(len(first), len(last)),
    )
    # A stretch of 61 to 69 is narrower than all of 6.
    return same + (0.5 if first != last else 0)


def agree(facts):
    """Return whether a place lies in an area, from what each of its parts says.

    :param facts: True, False, or None where the place does not say
    :return: False where one says no, None where none does and one says nothing
    """
    facts = list(facts)
    if False in facts:
        return False
    return None if None in facts else True
