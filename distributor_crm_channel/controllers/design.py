# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import html_sanitize

from odoo.addons.distributor_crm.controllers.store import StorePortal

from .store_values import StorePageValues

# Two pictures and the words about them; what is larger the server does not read.
MAX_UPLOAD = 24 * 1024 * 1024
TEXTS = (
    "theme",
    "introduction",
    "contact_name",
    "contact_phone",
    "contact_email",
    "contact_chat",
    "contact_hours",
)
# What a page may tell after it was left and opened again.
DONE = ("saved", "published", "added", "removed", "priced")


class StoreDesignPortal(StorePageValues, StorePortal):
    """An owner decorates his stores, and no one else's (R178).

    Whatever is not his, or is not there, leads home alike: nothing tells which.
    """

    def _get_store_to_change(self, store_id):
        """Return one's own store, where one may still change it, with full rights."""
        return self._get_own_store(store_id).filtered(
            lambda store: (
                store.state != "closed" and not store.partner_id.has_reduced_access
            )
        )

    def _prepare_store_portal(self, store, page, **values):
        return {
            **self._prepare_portal_layout_values(),
            "page_name": "store",
            "store_page": page,
            "store": store,
            "done": values.pop("done", None),
            **values,
        }

    # -- decoration ------------------------------------------------------------------

    @http.route(
        "/my/stores/<int:store_id>/design",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_my_store_design(self, store_id, done=None, **kw):
        """The draft of a store's decoration; a stranger's leads home."""
        store = self._get_own_store(store_id)
        if not store:
            return request.redirect("/my")
        return self._render_design(store, done=done if done in DONE else None)

    def _render_design(self, store, **values):
        draft = store._get_draft()
        Program = request.env["loyalty.program"].sudo()  # coupons the company offers
        return request.render(
            "distributor_crm_channel.portal_store_design",
            self._prepare_store_portal(
                store,
                "design",
                draft=draft,
                published=store._get_design(),
                themes=draft._fields["theme"]._description_selection(request.env),
                programs=Program.search(Program._get_store_domain(store), limit=50),
                **values,
            ),
        )

    @http.route(
        "/my/stores/<int:store_id>/design",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=MAX_UPLOAD,
    )
    def portal_my_store_save(self, store_id, action="save", **post):
        """Save the draft, and show it to visitors where asked."""
        store = self._get_store_to_change(store_id)
        if not store:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                store._get_draft().write(self._read_design(store, post))
                if action == "publish":
                    store._publish_design()
        except UserError as error:
            # What was typed is shown again, as harmless as what is kept.
            typed = {**post, "introduction": html_sanitize(post.get("introduction"))}
            return self._render_design(store, error=str(error), typed=typed)
        if action == "preview":
            return request.redirect(f"/my/stores/{store.id}/preview")
        done = "published" if action == "publish" else "saved"
        return request.redirect(f"/my/stores/{store.id}/design?done={done}")

    def _read_design(self, store, post):
        """Return the values of a draft from what the browser sent, untrusted.

        The button on the preview publishes and sends nothing to write.
        """
        if not post.get("whole"):
            return {}
        draft = store._get_draft()
        values = {}
        for name in TEXTS:
            text = post.get(name)
            if isinstance(text, str):
                size = getattr(draft._fields[name], "size", None)
                values[name] = text.strip()[:size]
        themes = dict(draft._fields["theme"]._description_selection(request.env))
        if values.get("theme") not in themes:
            values.pop("theme", None)
        for name in ("banner", "logo"):
            upload = request.httprequest.files.get(name)
            if upload and upload.filename:
                content = upload.read(MAX_UPLOAD)
                if not content:
                    raise UserError(request.env._("%s is empty.", upload.filename))
                values[name] = base64.b64encode(content)
            elif post.get(f"remove_{name}"):
                values[name] = False
        chosen = request.httprequest.form.getlist("program_ids")
        Program = request.env["loyalty.program"].sudo()  # coupons the company offers
        offered = Program.search(Program._get_store_domain(store), limit=50)
        values["program_ids"] = [
            (6, 0, [program.id for program in offered if str(program.id) in chosen])
        ]
        return values

    @http.route(
        "/my/stores/<int:store_id>/preview",
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_store_preview(self, store_id, page=1, search="", category=None, **kw):
        """The page as visitors would see it with the draft."""
        store = self._get_own_store(store_id)
        if not store:
            return request.redirect("/my")
        page = int(page) if str(page).isdigit() else 1
        values = self._prepare_store_page(
            store, store._get_draft(), page, search, category, preview=True
        )
        return request.render("distributor_crm_channel.store_page", values)

    @http.route(
        "/my/stores/<int:store_id>/<any(banner,logo):name>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_store_picture(self, store_id, name, **kw):
        """A picture of the draft."""
        store = self._get_own_store(store_id)
        draft = store._get_design(is_published=False) if store else None
        if not draft or not draft[name]:
            raise NotFound
        return self._send_picture(draft, name)
