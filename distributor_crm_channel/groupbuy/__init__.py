# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How a group-buy that took place is compared with the one on record.

Plain values in and out; nothing here knows of a database.
"""

from .judging import RESULTS, Code, Finding, Limits, Use, get_result, judge
from .keys import address_key, phone_key
