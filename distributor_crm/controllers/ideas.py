# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from base64 import b64encode

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager

from ..models.service.distributor_idea import VOTING
from ..uploads import read_uploads
from .service import ServicePortal

MODEL = "distributor.idea"
IDEAS_PER_DAY = 10
VOTES_PER_HOUR = 60


class IdeaPortal(ServicePortal):
    """A distributor recommends products, and votes for those of others (R215)."""

    def _get_service_links(self):
        ideas, own = self._get_own(MODEL, ("state", "in", ("new", *VOTING)))
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Product Ideas"),
                "text": request.env._("Recommend a product, vote for those of others"),
                "url": "/my/ideas",
                "icon": "fa-lightbulb-o",
                "count": ideas.search_count(own),
            },
        ]

    def _get_ideas(self, partner):
        """Return the ideas with full rights, and the domain of what he may see."""
        ideas = request.env[MODEL].sudo()  # the domain decides what he sees
        company = self._get_service_company(partner)
        return ideas, ideas._get_public_domain(partner, company)

    def _find_idea(self, idea_id):
        partner = self._get_distributor()
        ideas, seen = self._get_ideas(partner)
        return partner and ideas.search(seen & Domain("id", "=", idea_id))

    @http.route(
        ["/my/ideas", "/my/ideas/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_ideas(self, page=1, whose="all", **kw):
        """What distributors recommend, the most wanted first; or one's own."""
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        ideas, seen = self._get_ideas(partner)
        is_own = whose == "mine"
        if is_own:
            seen &= Domain("partner_id", "=", partner.id)
        pages = pager(
            "/my/ideas",
            ideas.search_count(seen),
            page=page,
            step=self._items_per_page,
            url_args={"whose": "mine"} if is_own else {},
        )
        return self._render_service(
            "distributor_crm.portal_my_ideas",
            page_name="idea",
            records=ideas.search(
                seen,
                order="id desc" if is_own else "vote_count desc, id desc",
                limit=self._items_per_page,
                offset=pages["offset"],
            ),
            pager=pages,
            default_url="/my/ideas",
            is_own=is_own,
            me=partner,
        )

    @http.route(
        "/my/ideas/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_new_idea(self, **kw):
        """The form of a new idea."""
        return self._render_new_idea({})

    def _render_new_idea(self, typed, error=None):
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        return self._render_service(
            "distributor_crm.portal_new_idea",
            page_name="idea",
            is_new=True,
            currency=self._get_service_company(partner).sudo().currency_id,
            # Names of categories are no secret to who sells the goods.
            categories=request.env["product.category"].sudo().search([], limit=200),
            typed=typed,
            error=error,
        )

    @http.route(
        "/my/ideas/new", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_create_idea(self, **post):
        """Recommend what was typed."""
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        if self._is_too_often("idea", IDEAS_PER_DAY, 24):
            return self._render_new_idea(
                post,
                request.env._("These are many ideas for one day. Go on tomorrow."),
            )
        idea, error = self._try(lambda: self._recommend(partner, post))
        if error:
            return self._render_new_idea(post, error)
        return request.redirect(f"/my/ideas/{idea.id}?done=sent")

    def _is_too_often(self, kind, limit, hours):
        """Count one use, and say whether this user is over his limit."""
        # The counter is closed to all; it keeps a hash alone.
        attempts = request.env["distributor.admission.attempt"].sudo()
        return attempts._count(kind, request.env.uid, hours) > limit

    def _recommend(self, partner, post):
        title = self._clean(post.get("title"), 100)
        description = self._clean(post.get("description"))
        if not title or not description:
            raise UserError(request.env._("Give the idea a title, and describe it."))
        uploads = read_uploads(request.env, request.httprequest.files.getlist("files"))
        pictures = [
            content for _name, content, kind in uploads if kind.startswith("image/")
        ]
        if len(pictures) != len(uploads):
            raise UserError(request.env._("Send a picture, no document."))
        categories = request.env["product.category"].sudo()  # names are no secret
        # Portal users hold no right on ideas; whose it is was decided above.
        idea = (
            request.env[MODEL]
            .sudo()
            .create(
                {
                    "title": title,
                    "description": description,
                    "partner_id": partner.id,
                    "contact_id": request.env.user.partner_id.id,
                    "company_id": self._get_service_company(partner).id,
                    "categ_id": categories.browse(self._as_id(post.get("categ_id")))
                    .exists()
                    .id,
                    "expected_price": self._as_expected(post.get("expected_price")),
                    "expected_quantity": self._as_expected(
                        post.get("expected_quantity")
                    ),
                    "is_name_shown": bool(post.get("is_name_shown")),
                }
            )
        )
        if pictures:
            idea.image_1920 = b64encode(pictures[0])
        return idea

    def _as_expected(self, text):
        """Return a number of the form; zero for nothing.

        :raises UserError: it is none, or none that can be meant
        """
        number = self._as_amount(text)
        if number is None:
            raise UserError(
                request.env._("Enter price and quantity as numbers, or leave them out.")
            )
        return number

    @http.route("/my/ideas/<int:idea_id>", type="http", auth="user", website=True)
    def portal_my_idea(self, idea_id, done=None, **kw):
        """One idea; one that is not to be seen leads home."""
        idea = self._find_idea(idea_id)
        if not idea:
            return request.redirect("/my")
        return self._render_idea(idea, done=done == "sent")

    def _render_idea(self, idea, **values):
        me = self._get_distributor()
        return self._render_service(
            "distributor_crm.portal_my_idea",
            page_name="idea",
            record=idea,
            me=me,
            can_vote=idea.state in VOTING and idea.partner_id != me,
            has_voted=me in idea.vote_ids.partner_id,
            **values,
        )

    @http.route(
        "/my/ideas/<int:idea_id>/image",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_idea_image(self, idea_id, **kw):
        """The picture of an idea that one may see."""
        idea = self._find_idea(idea_id)
        if not idea or not idea.image_512:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_image_stream_from(idea, "image_512")
        return stream.get_response()

    @http.route(
        "/my/ideas/<int:idea_id>/vote",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_vote_idea(self, idea_id, **kw):
        """Vote for an idea, or take the vote back."""
        idea = self._find_idea(idea_id)
        if not idea:
            return request.redirect("/my")
        if self._is_too_often("idea-vote", VOTES_PER_HOUR, 1):
            return self._render_idea(
                idea, error=request.env._("These are many votes. Go on in an hour.")
            )
        partner = self._get_distributor()
        _done, error = self._try(lambda: idea._vote(partner))
        if error:
            return self._render_idea(idea, error=error)
        return request.redirect(f"/my/ideas/{idea_id}")
