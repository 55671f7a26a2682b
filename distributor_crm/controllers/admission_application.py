# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from . import admission_form as read
from .admission import FORM, PAGE, POST, ROUTE
from .admission_link import STEPS, DistributorAdmissionLink

MAX_SHOPS = 20


class DistributorAdmissionApplication(DistributorAdmissionLink):
    """The steps of an application; saved one by one."""

    @http.route(PAGE, **ROUTE)
    def application(self, token, done=None, **kw):
        """How far the application is; a draft goes on where it was left."""
        application = self._get_application(token)
        if not application:
            return self._refuse_link()
        if application.state == "draft":
            return self._go(token, "about")
        return self._render_status(application, token, done)

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
