# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a store earns on what was sold through it: plain values in and out, no ORM."""
