# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _frontend_pre_dispatch(cls):
        # EXTENDS website_sale: ?store=address on any page is a store's link
        result = super()._frontend_pre_dispatch()
        slug = request.httprequest.args.get("store")
        if slug and request.httprequest.method == "GET":
            store = request.website._find_store(slug)
            if store:
                request.website._follow_store(store)
        return result
