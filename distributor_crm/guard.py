# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Fields that actions alone set, whatever way a record is created."""


def without_defaults(records, names):
    """Return the records without defaults for these fields in their context.

    A caller over RPC chooses the context, and with it the value of what he leaves out.
    """
    given = {f"default_{name}" for name in names}
    kept = {k: v for k, v in records.env.context.items() if k not in given}
    # Replaced as a whole: a key is taken out of a context in no other way.
    return records.with_context(kept)  # pylint: disable=context-overridden
