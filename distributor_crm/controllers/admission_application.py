# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import content_disposition, request

from . import admission_form as read
from .admission import FORM, PAGE, POST, ROUTE, UPLOAD_BYTES

STEPS = ("about", "plans", "shops", "documents", "send")
MAX_SHOPS = 20
# What a page may tell after it was left and opened again.
DONE = ("saved", "sent", "withdrawn", "answered")


class DistributorAdmissionApplication(http.Controller):
    """The applicant's own pages: the steps of the form, and how far it is.

    The signed token in the address is all that opens them; a wrong one is answered
    like none. sudo, since whoever holds the link has no rights on anything.
    """

    def _get_application(self, token):
        found = request.env["distributor.application"]._from_token(token)
        return found.with_context(lang=request.env.lang)

    def _refuse_link(self):
        """Return the one answer to every link that leads nowhere."""
        return self._seal(
            request.render(
                "distributor_crm.apply_no_link",
                {"page_title": request.env._("This link does not work")},
                status=404,
            )
        )

    def _seal(self, response):
        """Keep the address, which is a secret, out of caches, logs and other sites."""
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _go(self, token, step="", done=None):
        path = f"/distributor/application/{token}"
        path += f"/{step}" if step else ""
        return request.redirect(f"{path}?done={done}" if done else path)

    def _get_steps(self):
        _ = request.env._
        return {
            "about": _("About you"),
            "plans": _("Your plans"),
            "shops": _("Your shops"),
            "documents": _("Documents"),
            "send": _("Check and send"),
        }

    # -- status ----------------------------------------------------------------------

    @http.route(PAGE, **ROUTE)
    def application(self, token, done=None, **kw):
        """How far the application is; a draft goes on where it was left."""
        application = self._get_application(token)
        if not application:
            return self._refuse_link()
        if application.state == "draft":
            return self._go(token, "about")
        return self._render_status(application, token, done)

    def _render_status(self, application, token, done=None, error=None):
        values = {
            "application": application,
            "token": token,
            "done": done if done in DONE else None,
            "error": error,
            "timeline": self._get_timeline(application),
            "may_upload": self._may_upload(application),
            "kinds": self._get_selection("distributor.application.document", "kind"),
            "page_title": application.campaign_id.name,
        }
        return self._seal(request.render("distributor_crm.apply_status", values))

    def _get_timeline(self, application):
        """Return (label, whether reached) of the steps of the way."""
        _ = request.env._
        labels = {
            "submitted": _("Received"),
            "verified": _("Checked"),
            "negotiation": _("Negotiation"),
            "agreement": _("Agreement"),
            "opened": _("Store open"),
        }
        order = list(labels)
        state = application.state
        reached = order.index(state) if state in order else 0
        return [(label, index <= reached) for index, label in enumerate(labels.values())]

    def _may_upload(self, application):
        if application.state in ("draft", "submitted", "waiting"):
            return True
        asked = application.missing and not application.answered_on
        return bool(asked) and application.state not in ("refused", "withdrawn", "opened")

    def _get_selection(self, model, field):
        fields = request.env[model]._fields
        return dict(fields[field]._description_selection(request.env))

    # -- steps -----------------------------------------------------------------------

    @http.route(f"{PAGE}/<string:step>", methods=["GET", "POST"], **FORM)
    def step(self, token, step, done=None, **kw):
        """One step of the form; saved whenever it is left with its button."""
        application = self._get_application(token)
        if not application:
            return self._refuse_link()
        if application.state != "draft" or step not in STEPS:
            return self._go(token)
        errors = {}
        if request.httprequest.method == "POST":
            errors = self._save(application, step)
            if not errors:
                return self._after_step(application, token, step)
        return self._render_step(application, token, step, errors, done)

    def _after_step(self, application, token, step):
        if step == "send":
            return self._go(token, done="sent")
        if step == "shops":
            return self._go(token, "shops", "saved")
        return self._go(token, STEPS[STEPS.index(step) + 1], "saved")

    def _render_step(self, application, token, step, errors, done=None):
        selections = {
            name: self._get_selection("distributor.application", name)
            for name in ("age_band", "source", "ability", "is_full_time")
        }
        shop_selections = {
            name: self._get_selection("distributor.application.shop", name)
            for name in ("platform", "ownership", "other_goods")
        }
        form = request.httprequest.form if errors else {}
        index = STEPS.index(step)
        return self._seal(
            request.render(
                f"distributor_crm.apply_step_{step}",
                {
                    "application": application,
                    "campaign": application.campaign_id,
                    "token": token,
                    "step": step,
                    "steps": self._get_steps(),
                    "step_number": index + 1,
                    "previous": STEPS[index - 1] if index else None,
                    "next": STEPS[index + 1] if index + 1 < len(STEPS) else None,
                    "form": form,
                    "errors": errors,
                    "done": done if done in DONE else None,
                    "selections": selections,
                    "shop_selections": shop_selections,
                    "modes": dict(application.campaign_id._get_modes()),
                    "ratings": request.env["distributor.shop.rating"]
                    .sudo()  # the scale is no secret
                    .search([]),
                    "kinds": self._get_selection(
                        "distributor.application.document", "kind"
                    ),
                    "missing": self._get_still_missing(application),
                    "page_title": application.campaign_id.name,
                },
            )
        )

    def _get_still_missing(self, application):
        """Return what the steps before the last one leave open."""
        policy = request.env._("Acceptance of the policy")
        return [label for label in application._get_missing() if label != policy]

    def _save(self, application, step):
        """Save what a step's form says.

        :return: {field: problem}, empty when all is saved
        """
        form = request.httprequest.form
        try:
            with request.env.cr.savepoint():
                getattr(self, f"_save_{step}")(application, form)
                application.flush_recordset()
        except ValueError as error:
            problem = request.env._("Please enter a number that makes sense.")
            return {str(error): problem}
        except (UserError, ValidationError) as error:
            return {"": str(error)}
        return {}

    def _save_about(self, application, form):
        selections = {
            name: self._get_selection("distributor.application", name)
            for name in ("age_band", "source")
        }
        values = {
            name: read.text(form, name)
            for name in ("contact_name", "wechat", "occupation", "street", "city")
        }
        values |= {
            "name": read.text(form, "name") or application.name,
            "phone": read.text(form, "phone", 40),
            "is_company": form.get("is_company") == "1",
            "age_band": read.choice(form, "age_band", selections["age_band"]),
            "source": read.choice(form, "source", selections["source"]),
            "referred_by": read.text(form, "referred_by"),
        }
        number = read.text(form, "id_number", 40)
        # It is never shown again, not to himself: empty means unchanged.
        if number:
            values["id_number"] = number
        application.write(values)

    def _save_plans(self, application, form):
        campaign = application.campaign_id
        yes_no = ("yes", "no")
        ability = self._get_selection("distributor.application", "ability")
        application.write(
            {
                "mode": read.choice(form, "mode", dict(campaign._get_modes())),
                "category_ids": [
                    (6, 0, read.ids(form, "category_ids", campaign.category_ids.ids))
                ],
                "ability": read.choice(form, "ability", ability),
                "experience_years": read.number(form, "experience_years", 80),
                "customer_base": int(read.number(form, "customer_base", 10**9)),
                "knows_operations": read.choice(form, "knows_operations", yes_no),
                "knows_category": read.choice(form, "knows_category", yes_no),
                "is_full_time": read.choice(form, "is_full_time", yes_no),
                "hours_week": read.number(form, "hours_week", 168),
                "promotion_budget": read.number(form, "promotion_budget", 10**9),
                "market_view": read.long_text(form, "market_view"),
                "store_name": read.text(form, "store_name", 80),
            }
        )

    def _save_shops(self, application, form):
        if len(application.shop_ids) >= MAX_SHOPS:
            raise UserError(request.env._("These are enough shops."))
        if not read.text(form, "name") or not read.text(form, "url", 500):
            raise UserError(request.env._("A shop needs a name and a web address."))
        choices = {
            name: read.choice(
                form, name, self._get_selection("distributor.application.shop", name)
            )
            for name in ("platform", "ownership", "other_goods")
        }
        ratings = request.env["distributor.shop.rating"].sudo().search([])  # no secret
        rating = read.choice(form, "rating_id", [str(number) for number in ratings.ids])
        url = read.text(form, "url", 500)
        shop = application.shop_ids.new({"url": url})
        if shop.url_normalized in application.shop_ids.mapped("url_normalized"):
            raise UserError(request.env._("This shop is in the application already."))
        # The holder of the link writes his own application, and nothing else.
        application.env["distributor.application.shop"].create(
            {
                "application_id": application.id,
                **choices,
                "platform": choices["platform"] or "other",
                "name": read.text(form, "name"),
                "url": url,
                "rating_id": int(rating) if rating else False,
                "positive_rate": read.number(form, "positive_rate", 100),
                "followers": int(read.number(form, "followers", 10**9)),
                "monthly_visitors": int(read.number(form, "monthly_visitors", 10**9)),
                "category_share": read.number(form, "category_share", 100),
                "category_ids": [
                    (
                        6,
                        0,
                        read.ids(
                            form,
                            "category_ids",
                            application.campaign_id.category_ids.ids,
                        ),
                    )
                ],
                "other_goods_note": read.text(form, "other_goods_note"),
            }
        )

    def _save_documents(self, application, form):
        """Nothing to save: files are uploaded one by one."""

    def _save_send(self, application, form):
        application.accepts_policy = form.get("accepts_policy") == "1"
        application._submit()

    @http.route(f"{PAGE}/shops/<int:shop_id>/delete", **POST)
    def delete_shop(self, token, shop_id, **kw):
        """Take a shop out of a draft."""
        application = self._get_application(token)
        if not application:
            return self._refuse_link()
        if application.state == "draft":
            application.shop_ids.filtered(lambda shop: shop.id == shop_id).unlink()
        return self._go(token, "shops")

    # -- documents -------------------------------------------------------------------

    @http.route(
        f"{PAGE}/documents/add", **{**POST, "max_content_length": UPLOAD_BYTES}
    )
    def add_document(self, token, kind=None, document=None, **kw):
        """Upload a file; its content decides what it is."""
        application = self._get_application(token)
        if not application:
            return self._refuse_link()
        if not self._may_upload(application):
            return self._go(token)
        error = None
        try:
            if not hasattr(document, "read"):
                raise UserError(request.env._("Choose a file first."))
            limit = application.company_id.admission_document_mb * 1024 * 1024
            # One byte more than allowed is enough to know that it is too large.
            data = document.read(limit + 1)
            application._add_document(kind, document.filename, data)
        except UserError as problem:
            error = str(problem)
        if application.state != "draft":
            if error:
                return self._render_status(application, token, error=error)
            return self._go(token, done="saved")
        if error:
            return self._render_step(application, token, "documents", {"": error})
        return self._go(token, "documents", "saved")

    def _get_document(self, application, document_id):
        return application.document_ids.filtered(lambda d: d.id == document_id)

    @http.route(f"{PAGE}/documents/<int:document_id>", **ROUTE)
    def document(self, token, document_id, **kw):
        """One's own file, as a download: it is never shown as a page."""
        application = self._get_application(token)
        document = self._get_document(application, document_id)
        if not document:
            return self._refuse_link()
        return self._seal(
            request.make_response(
                document.attachment_id.raw,
                [
                    ("Content-Type", document.mimetype),
                    ("Content-Disposition", content_disposition(document.name)),
                    ("X-Content-Type-Options", "nosniff"),
                ],
            )
        )

    @http.route(f"{PAGE}/documents/<int:document_id>/delete", **POST)
    def delete_document(self, token, document_id, **kw):
        """Delete one's own file, while nobody has verified it."""
        application = self._get_application(token)
        if not application:
            return self._refuse_link()
        if application.state in ("draft", "submitted", "waiting"):
            self._get_document(application, document_id).attachment_id.unlink()
        return self._go(token, "documents" if application.state == "draft" else "")

    # -- after sending ---------------------------------------------------------------

    @http.route(f"{PAGE}/answered", **POST)
    def answered(self, token, **kw):
        """Say that what was missing is there now."""
        application = self._get_application(token)
        if not application:
            return self._refuse_link()
        note = read.long_text(kw, "note")
        if note and application.missing and not application.answered_on:
            # Plain text: it is escaped on the way into the chatter.
            application._message_log(body=note, author_id=False)
        application._answer_missing()
        return self._go(token, done="answered")

    @http.route(f"{PAGE}/withdraw", **POST)
    def withdraw(self, token, **kw):
        """Withdraw one's application."""
        application = self._get_application(token)
        if not application:
            return self._refuse_link()
        try:
            application._withdraw()
        except UserError as problem:
            return self._render_status(application, token, error=str(problem))
        return self._go(token, done="withdrawn")
