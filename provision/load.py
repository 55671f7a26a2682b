# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Load a folder of sales files: ``LOAD_DIR=folder odoo shell -d db < load.py``.

The same import as in the web interface, run to its end here. Interrupted and started
again, it goes on where it was. Prints how far it is; ends with a non-zero exit code if
nothing could be imported. The refused lines and their reasons go to the file that
``LOAD_ERRORS`` names, if it does.
"""

import os
import sys
import time

from odoo.exceptions import UserError


def show(run):
    """One line a chunk: done, of how many, at what rate."""
    print(
        f"  {run.order_done} of {run.order_total} orders, {run.rate:.1f} a second",
        flush=True,
    )


def wait(record):
    """Until the process that holds the import, or one like it, is through."""
    print("  another import of this company is at work: waiting", flush=True)
    while record.state == "running" and not record._is_free():
        time.sleep(2)
        record.env.cr.rollback()
        record.invalidate_recordset()


def load(env, folder):
    """Import the files of the folder, print what came of it.

    :return: the number of refused orders
    """
    started = time.monotonic()
    record = env["distributor.sales.import"].load_directory(folder)
    if record.state != "running":
        record.action_check()
        print(
            f"{record.name}: {record.line_count} lines, {record.order_count} orders, "
            f"{record.todo_count} to import, {record.skipped_count} already imported, "
            f"{record.customer_new_count} new customers, "
            f"{record.product_new_count} new products",
            flush=True,
        )
        record.action_import()
    env.cr.commit()
    while record.state == "running":
        if not record._is_free():
            wait(record)
        else:
            record._as_user()._work(show)
            record.invalidate_recordset()
    run = record.run_ids[:1]
    seconds = time.monotonic() - started
    print(f"invoices made: {run.invoice_count}, credit notes made: {run.refund_count}")
    print(f"orders skipped, already imported: {run.skipped_count}")
    print(f"orders failed: {run.refused_count}")
    print(
        f"{seconds:.1f} s, {run.order_done / seconds:.1f} orders a second", flush=True
    )
    if record.error_file:
        report_errors(record)
    return run.refused_count


def report_errors(record):
    """Put the refused lines where LOAD_ERRORS says, or say where they are."""
    path = os.environ.get("LOAD_ERRORS")
    if path:
        with open(path, "wb") as out:
            out.write(record._get_error_bytes())
        print(f"refused lines and their reasons: {path}")
    else:
        print(f"refused lines and their reasons: in the import {record.name}")


try:
    load(env, os.environ["LOAD_DIR"])  # noqa: F821 (env comes from odoo shell)
except KeyError:
    sys.exit("LOAD_DIR is not set: the folder with the sales files")
except UserError as error:
    sys.exit(f"nothing was imported: {error}")
