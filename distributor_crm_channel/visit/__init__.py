# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The arithmetic of visits: keys of people, distances and verdicts, without the ORM."""

from . import keys, places, verdicts
