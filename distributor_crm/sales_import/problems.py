# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What can be wrong: a code and its values; the words are the caller's."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """Why a line or an order is refused.

    :param code: key of the sentence that explains it to the user
    :param params: the values that the sentence names
    """

    code: str
    params: dict = field(default_factory=dict, hash=False)


class FileProblem(Exception):
    """The whole file is refused, before anything is written.

    Carries a :class:`Problem`, whose code names the sentence for the user.
    """

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.problem = Problem(code, params)


class ValueProblem(Exception):
    """One cell cannot be read. Carries a :class:`Problem`."""

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.problem = Problem(code, params)
