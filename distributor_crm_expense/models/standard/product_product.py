# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_fee_scopes(self):
        """What a fee standard may be set for to cover this product, closest first.

        :return list: ``("product", template id)``, then ``("category", id)`` upwards
        """
        self.ensure_one()
        path = self.categ_id.parent_path or ""
        return [("product", self.product_tmpl_id.id)] + [
            ("category", int(step)) for step in reversed(path.split("/")[:-1])
        ]
