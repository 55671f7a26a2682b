# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Run by `odoo shell`: compute the rebates of the demo's running programs."""

env = globals()["env"]
programs = env["distributor.rebate.program"].search([("state", "=", "running")])
programs.action_compute()
env.cr.commit()
print(f"{len(programs)} programs computed")
