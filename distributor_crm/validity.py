# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Records that hold from a day (`date_from`) until a day (`date_to`) or for ever."""

from datetime import date

from odoo.fields import Domain


def valid_domain(first: date, last: date | None) -> Domain:
    """Return the domain of what is valid on one of the days.

    :param last: None for all days from `first` on
    """
    domain = Domain("date_to", "=", False) | Domain("date_to", ">=", first)
    return domain & Domain("date_from", "<=", last) if last else domain
