# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.fields import Domain
from odoo.http import request

from .service import ServicePortal

MODEL = "distributor.kit"


class KitPortal(ServicePortal):
    """The promotion kits that a distributor's tier may take (R031, R168)."""

    def _get_own_kits(self):
        """Return the kits with full rights, and the domain of what this tier sees."""
        # Portal users hold no right on kits; the domain decides what they get.
        kits = request.env[MODEL].sudo()
        return kits, kits._get_portal_domain(self._get_distributor().sudo())

    def _find_own_kit(self, kit_id):
        if not self._get_distributor():
            return request.env[MODEL]
        kits, domain = self._get_own_kits()
        return kits.search(domain & Domain("id", "=", kit_id))

    def _get_service_links(self):
        kits, domain = self._get_own_kits()
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Promotion Kits"),
                "text": request.env._("Texts, pictures and product data to download"),
                "url": "/my/kits",
                "icon": "fa-picture-o",
                "count": kits.search_count(domain),
            },
        ]

    @http.route("/my/kits", type="http", auth="user", website=True, readonly=True)
    def portal_my_kits(self, **kw):
        """The kits that one may take today."""
        if not self._get_distributor():
            return request.redirect("/my")
        kits, domain = self._get_own_kits()
        return self._render_service(
            "distributor_crm.portal_my_kits",
            page_name="kit",
            records=kits.search(domain, limit=self._items_per_page),
        )

    @http.route("/my/kits/<int:kit_id>", type="http", auth="user", website=True)
    def portal_my_kit(self, kit_id, done=None, **kw):
        """One kit with its files."""
        kit = self._find_own_kit(kit_id)
        if not kit:
            return request.redirect("/my")
        return self._render_kit(kit, done=done == "declared")

    def _get_own_downloads(self, kit):
        downloads, own = self._get_own(
            "distributor.kit.download", ("kit_id", "=", kit.id)
        )
        return downloads.search(own, limit=20)

    def _render_kit(self, kit, **values):
        return self._render_service(
            "distributor_crm.portal_my_kit",
            page_name="kit",
            kit=kit,
            files=kit._get_files(self._get_distributor().sudo()),
            downloads=self._get_own_downloads(kit),
            **values,
        )

    @http.route(
        "/my/kits/<int:kit_id>/file/<int:file_id>",
        type="http",
        auth="user",
        website=True,
    )
    def portal_kit_file(self, kit_id, file_id, **kw):
        """Stream a file of the newest version, and note who took it."""
        kit, partner = self._find_own_kit(kit_id), self._get_distributor()
        files = kit and kit._get_files(partner.sudo())
        file = files and files.filtered(lambda file: file.id == file_id)
        if not file:
            return request.redirect("/my")
        # Nobody writes the log but these downloads.
        request.env["distributor.kit.download"].sudo().create(
            {
                "kit_id": kit.id,
                "file_name": file.name,
                "version": file.version,
                "partner_id": partner.id,
                "user_id": request.env.uid,
            }
        )
        self._start_listing(kit, partner)
        stream = request.env["ir.binary"]._get_stream_from(
            file.attachment_id, filename=file.name
        )
        return stream.get_response(as_attachment=True)

    def _start_listing(self, kit, partner):
        """Give the task to list the products where a download starts the time."""
        # Portal users hold no right on policies and tasks.
        policies = request.env["distributor.listing.policy"].sudo()
        if policies._find(kit.company_id, "downloaded"):
            request.env["distributor.listing.task"].sudo()._give(kit, partner)

    @http.route(
        "/my/kits/<int:kit_id>/use",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_kit_use(self, kit_id, address="", **kw):
        """Say where one used a kit."""
        kit = self._find_own_kit(kit_id)
        if not kit:
            return request.redirect("/my")
        downloads = self._get_own_downloads(kit)
        _result, error = self._try(
            lambda: downloads._declare(self._clean(address, 600))
        )
        if error:
            return self._render_kit(kit, error=error, typed=address[:600])
        return request.redirect(f"/my/kits/{kit.id}?done=declared")
