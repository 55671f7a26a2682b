# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Run by `odoo shell`: have the web client do without a file that this Odoo lacks.

Debian leaves out a library of which it has no source, but the list of the web client's
files still names it, and one missing file keeps the whole client from loading.
"""

from odoo.tools.misc import file_path

MISSING = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"

env = globals()["env"]
try:
    file_path(MISSING)
except FileNotFoundError:
    env["ir.asset"].create(
        {
            "name": "A file that this build of Odoo lacks",
            "bundle": "web.assets_backend",
            "directive": "remove",
            "path": MISSING,
        }
    )
    env.cr.commit()
