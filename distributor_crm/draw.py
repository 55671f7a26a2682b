# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A draw that nobody steers, and that anybody can repeat.

Whoever has the seed and the population works out the same order with any tool that
knows SHA-256: each key is hashed together with the seed, and the hashes are sorted.
What is kept with a draw is the seed, the population and the name of the algorithm;
both sides of the draw can then be proved later.
"""

import hashlib
import secrets
from collections.abc import Iterable

# Kept with each draw: a better way some day gets a name of its own, and old draws can
# still be repeated.
ALGORITHM = "sha256-order-1"


def new_seed() -> str:
    """Return a seed that nobody chose or could know: 128 random bits, as hex."""
    return secrets.token_hex(16)


def order(population: Iterable[int | str], seed: str, algorithm: str = ALGORITHM):
    """Return the whole population in the order in which it is drawn.

    The order in which the keys are given, and repetitions, change nothing; to leave
    some out leaves the order of the others as it is. A redraw takes who comes next.

    :param population: keys, such as the ids of records
    :raises ValueError: no seed, or an algorithm that is not known here
    """
    if algorithm != ALGORITHM:
        raise ValueError(f"Unknown draw: {algorithm}")
    if not seed:
        raise ValueError("A draw needs a seed")
    return sorted(set(population), key=lambda key: _rank(seed, key))


def draw(population, count: int, seed: str, algorithm: str = ALGORITHM):
    """Return the first `count` of the order; all of them if there are no more."""
    if count < 0:
        raise ValueError("A draw takes 0 or more")
    return order(population, seed, algorithm)[:count]


def fingerprint(population: Iterable[int | str]) -> str:
    """Return the SHA-256 of a population, whatever the order it is given in."""
    text = "\n".join(sorted({str(key) for key in population}))
    return hashlib.sha256(text.encode()).hexdigest()


def _rank(seed: str, key: int | str):
    # The key itself decides between equal hashes, which nobody has seen yet.
    return hashlib.sha256(f"{seed}:{key}".encode()).digest(), str(key)
