# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.fields import Domain


class Website(models.Model):
    _inherit = "website"

    def _product_domain(self):
        # EXTENDS website_sale: the list, the search and the cart all ask for it
        domain = Domain(super()._product_domain())
        return domain & Domain("is_open_to_visitor", "=", True)
