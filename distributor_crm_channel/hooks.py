# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.distributor_crm.hooks import let_go


def uninstall_hook(env):
    """Let go of stores, agreements, shops, people and products."""
    let_go(env)
