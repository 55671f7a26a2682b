# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

STEPS = ("about", "plans", "shops", "documents", "send")
# What a page may tell after it was left and opened again.
DONE = ("saved", "sent", "withdrawn", "answered")


class DistributorAdmissionLink(http.Controller):
    """What all pages of an applicant share: the link that opens them, and their look.

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
        return {
            "about": request.env._("About you"),
            "plans": request.env._("Your plans"),
            "shops": request.env._("Your shops"),
            "documents": request.env._("ID and licence"),
            "send": request.env._("Check and send"),
        }

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
        labels = {
            "submitted": request.env._("Received"),
            "verified": request.env._("Checked"),
            "negotiation": request.env._("Negotiation"),
            "agreement": request.env._("Agreement"),
            "opened": request.env._("Store open"),
        }
        order = list(labels)
        state = application.state
        reached = order.index(state) if state in order else 0
        return [
            (label, index <= reached) for index, label in enumerate(labels.values())
        ]

    def _may_upload(self, application):
        if application.state in ("draft", "submitted", "waiting"):
            return True
        asked = application.missing and not application.answered_on
        return bool(asked) and application.state not in (
            "refused",
            "withdrawn",
            "opened",
        )

    def _get_selection(self, model, field):
        fields = request.env[model]._fields
        return dict(fields[field]._description_selection(request.env))

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
                    "done": done if done in DONE and not errors else None,
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
