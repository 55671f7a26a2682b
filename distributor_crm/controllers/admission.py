# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import time

from odoo import http
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import email_normalize, hash_sign, verify_hash_signed
from odoo.tools.translate import LazyTranslate

from . import admission_form as read

_lt = LazyTranslate(__name__)

# Bodies above these are refused before they are read.
FORM_BYTES = 256 * 1024
UPLOAD_BYTES = 26 * 1024 * 1024
STAMP = "distributor-apply"
ROUTE = {"type": "http", "auth": "public", "website": True, "sitemap": False}
FORM = {**ROUTE, "max_content_length": FORM_BYTES}
POST = {**FORM, "methods": ["POST"]}
PAGE = "/distributor/application/<string:token>"


class DistributorAdmission(http.Controller):
    """Signing up as a distributor: public pages, used with no account (R010).

    Everything is read and written with sudo: a visitor holds no rights at all. What he
    reaches is decided by two things alone: which campaigns are published, and the signed
    token in his link. A link that leads nowhere is answered like one that never was.
    """

    # -- campaigns -------------------------------------------------------------------

    def _get_campaigns(self):
        """Return the campaigns that anybody may apply in, with full rights."""
        # Published campaigns are meant for everybody; this domain alone decides which.
        Campaign = request.env["distributor.campaign"].sudo()
        domain = Campaign._get_public_domain()
        website = getattr(request, "website", None)
        if website:
            domain &= Domain("company_id", "=", website.company_id.id)
        return Campaign.search(domain)

    def _get_campaign(self, handle):
        number = request.env["ir.http"]._unslug(handle)[1]
        return self._get_campaigns().filtered(lambda c: c.id == number)

    def _get_inviter(self, kw):
        token = kw.get("invite")
        return request.env["distributor.store"]._from_invite(token)

    @http.route(
        "/distributor/apply",
        list_as_website_content=_lt("Distributor Sign-up"),
        **ROUTE,
    )
    def apply(self, **kw):
        """The list of open campaigns."""
        return request.render(
            "distributor_crm.apply_campaigns",
            {
                "campaigns": self._get_campaigns(),
                "inviter": self._get_inviter(kw),
                "invite": read.text(kw, "invite", 64),
                "page_title": request.env._("Become a distributor"),
            },
        )

    @http.route(
        "/distributor/apply/<string:handle>",
        methods=["GET", "POST"],
        captcha="distributor_apply",
        **FORM,
    )
    def apply_campaign(self, handle, **kw):
        """A campaign and the start of an application in it."""
        campaign = self._get_campaign(handle)
        if not campaign:
            return request.redirect("/distributor/apply")
        errors = {}
        if request.httprequest.method == "POST":
            application, errors = self._start(campaign, kw)
            if application:
                return request.redirect(
                    f"/distributor/application/{application._get_token()}/about",
                    local=True,
                )
            if not errors:
                return self._render_sent()
        return self._render_start(campaign, kw, errors)

    def _render_start(self, campaign, kw, errors):
        user = request.env.user
        known = {} if user._is_public() else {"name": user.name, "email": user.email}
        form = {**known, **{k: v for k, v in kw.items() if isinstance(v, str)}}
        return request.render(
            "distributor_crm.apply_start",
            {
                "campaign": campaign,
                "form": form,
                "errors": errors,
                "inviter": self._get_inviter(kw),
                "stamp": self._get_stamp(campaign),
                "page_title": campaign.name,
            },
        )

    def _render_sent(self):
        """Return the page that says a message was sent, whether there was any or not."""
        return request.render(
            "distributor_crm.apply_sent",
            {"page_title": request.env._("Look into your mailbox")},
        )

    # -- start -----------------------------------------------------------------------

    def _get_stamp(self, campaign):
        # The secret that signs is read for the visitor, not by him.
        env = request.env(su=True)
        return hash_sign(env, STAMP, [campaign.id, time.time()], expiration_hours=24)

    def _is_human(self, campaign, kw):
        """Whether the form was open for as long as a person needs."""
        try:
            # The secret that signs is read for the visitor, not by him.
            values = verify_hash_signed(
                request.env(su=True), STAMP, read.text(kw, "stamp", 400)
            )
        except ValueError:  # not even the form of a stamp
            return False
        if not values or values[0] != campaign.id:
            return False
        return time.time() - values[1] >= campaign.company_id.admission_min_seconds

    def _start(self, campaign, kw):
        """Start an application.

        :return: it and the problems; nothing of both for a robot
        """
        if read.text(kw, "fax"):
            # The field is invisible: only robots fill it in, and learn nothing.
            return None, {}
        values = {
            "name": read.text(kw, "name"),
            "email": read.text(kw, "email", 254),
            "phone": read.text(kw, "phone", 40),
            "is_company": kw.get("is_company") == "1",
        }
        errors = {}
        if not values["name"]:
            errors["name"] = request.env._("Please enter your name.")
        if not email_normalize(values["email"]):
            errors["email"] = request.env._(
                "Please enter an e-mail address that works."
            )
        if not values["phone"]:
            errors["phone"] = request.env._("Please enter your phone number.")
        if errors:
            return None, errors
        if not self._is_human(campaign, kw):
            return None, {
                "": request.env._("Please check your entries and send them once more.")
            }
        if self._is_flooded(campaign.company_id):
            return None, {
                "": request.env._(
                    "Too many applications from your connection. Try again in an hour."
                )
            }
        return self._create(campaign, values, kw), {}

    def _is_flooded(self, company):
        """Count this visit; return whether there were too many from this address."""
        Attempt = request.env["distributor.admission.attempt"].sudo()
        used = Attempt._count("start", request.httprequest.remote_addr, 1)
        return bool(company.admission_ip_limit) and used > company.admission_ip_limit

    def _may_mail(self, company, email):
        """Count a message; return whether this address may get one more today."""
        # Visitors hold no right on the counters.
        Attempt = request.env["distributor.admission.attempt"].sudo()
        used = Attempt._count("mail", email_normalize(email), 24)
        limit = company.admission_email_limit
        return not limit or used <= limit

    def _create(self, campaign, values, kw):
        user = request.env.user
        inviter = self._get_inviter(kw).filtered(
            lambda store: store.company_id == campaign.company_id
        )
        # The visitor has no rights; what he may set is listed here.
        application = (
            request.env["distributor.application"]
            .sudo()
            .create(
                {
                    **values,
                    "campaign_id": campaign.id,
                    "company_id": campaign.company_id.id,
                    "country_id": campaign.company_id.country_id.id,
                    "lang": request.env.lang,
                    "is_from_web": True,
                    "introducer_id": False,
                    "invited_by_store_id": inviter.id,
                    "referred_by_id": inviter.partner_id.id,
                    "source": "invitation" if inviter else False,
                    # Whoever is logged in has proved who he is.
                    "partner_id": user._is_portal() and user.commercial_partner_id.id,
                }
            )
        )
        if self._may_mail(campaign.company_id, values["email"]):
            application._mail("link")
        return application

    @http.route("/distributor/application/resume", methods=["GET", "POST"], **FORM)
    def resume(self, **kw):
        """Ask for the link again; the answer is the same for every address."""
        if request.httprequest.method == "GET":
            return request.render(
                "distributor_crm.apply_resume",
                {"page_title": request.env._("Go on with my application")},
            )
        # Visitors hold no right on requests; an address is all that they leave.
        company = request.env.company.sudo()
        email = read.text(kw, "email", 254)
        if (
            email_normalize(email)
            and not read.text(kw, "fax")
            and not self._is_flooded(company)
            and self._may_mail(company, email)
        ):
            request.env["distributor.application.resume"].sudo()._ask(email)
        return self._render_sent()
