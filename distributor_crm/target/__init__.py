# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Targets: how a year is split, what it will end at, and the SQL of what was sold.

No ORM and no request: plain values in and out.
"""
