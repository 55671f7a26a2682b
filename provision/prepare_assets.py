# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Run by `odoo shell`: make the style sheets and scripts of the pages, and keep them.

What a test makes is undone with it, so each browser test would make them anew.
"""

BUNDLES = (
    "web.assets_web",
    "web.assets_web_print",
    "web.assets_frontend",
    "web.assets_frontend_minimal",
    "web.assets_frontend_lazy",
    "web.assets_tests",
    "web.__assets_tests_call__",
    "web.report_assets_common",
    "web.report_assets_pdf",
)

env = globals()["env"]
for website in (*env["website"].search([]), env["website"]):
    qweb = env["ir.qweb"].with_context(website_id=website.id)
    for bundle in BUNDLES:
        files = qweb._get_asset_bundle(bundle)
        files.js()
        files.css()
env.cr.commit()
