# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What protects records from callers: fields that actions alone set, and one at a time."""

from odoo.exceptions import AccessError, LockError, UserError
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


def find_other_states(records, states, name="display_name"):
    """Return what a refusal names, empty where all records are in one of these states.

    :param states: keys of the records' `state`
    :param name: the field that names a record
    :return: {"records": names of the first that are not, "states": labels of these}
    """
    wrong = records.filtered(lambda record: record.state not in states)
    if not wrong:
        return {}
    labels = dict(records._fields["state"]._description_selection(records.env))
    return {
        "records": ", ".join(wrong[:5].mapped(name)),
        "states": ", ".join(labels[state] for state in states),
    }


def hold_in_state(records, states):
    """Refuse what is done to records in another state, one process at a time.

    :raises UserError: names them, and what they would have to be
    """
    # Who may was checked by the caller; the lock says nothing about it.
    lock_or_refuse(records.sudo(), allow_referencing=True)
    records.invalidate_recordset(["state"])
    if wrong := find_other_states(records, states):
        raise UserError(
            records.env._(
                "%(records)s: this is done in status %(states)s only.", **wrong
            )
        )


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


def check_own_company(env, company):
    """Refuse what a user asks of a company that is not his, where SQL answers.

    :raises AccessError: names the company
    """
    if env.su or company in env.user.company_ids:
        return
    raise AccessError(
        env._(
            "You do not work for %s. Choose a company of yours, or have an "
            "administrator add this one to your user.",
            company.sudo().name,  # to say which one
        )
    )


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
