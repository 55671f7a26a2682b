# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What protects records from callers: fields that actions alone set, and one at a time."""

from odoo.exceptions import LockError, UserError
from odoo.tools import SQL


def without_defaults(records, names):
    """Return the records without defaults for these fields in their context.

    A caller over RPC chooses the context, and with it the value of what he leaves out.
    """
    given = {f"default_{name}" for name in names}
    kept = {k: v for k, v in records.env.context.items() if k not in given}
    # Replaced as a whole: a key is taken out of a context in no other way.
    return records.with_context(kept)  # pylint: disable=context-overridden


def without_closed(records, vals_list, names):
    """Return records and values to create with, without what buttons alone set.

    Superusers, who are our own code, set what they say.
    """
    if records.env.su:
        return records, vals_list
    kept = [
        {name: value for name, value in vals.items() if name not in names}
        for vals in vals_list
    ]
    return without_defaults(records, names), kept


def lock_or_refuse(records, *, allow_referencing=False):
    """Hold the records until the transaction ends; the lock says nothing of who may.

    :param bool allow_referencing: others may meanwhile point to the records
    :raises UserError: another process holds one of them
    """
    try:
        records.lock_for_update(allow_referencing=allow_referencing)
    except LockError as error:
        raise UserError(
            records.env._(
                "Somebody else is working on this right now. Try again in a moment."
            )
        ) from error


def hold_until_committed(records):
    """Let nobody else decide on these at the same time.

    Whoever holds them next without having seen what this transaction changed is
    refused by the database, and Odoo has him start anew. A lock alone would let him go
    on with what he read before. The caller has checked who may.
    """
    if not records:
        return
    records.flush_recordset()
    records.env.cr.execute(
        SQL(
            "UPDATE %(table)s SET write_date = write_date WHERE id IN ("
            "SELECT id FROM %(table)s WHERE id = ANY(%(ids)s) ORDER BY id"
            " FOR NO KEY UPDATE)",
            table=SQL.identifier(records._table),
            ids=sorted(records.ids),
        )
    )
