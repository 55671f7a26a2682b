# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.distributor_crm.guard import without_closed

from .distributor_visit_policy import BROUGHT

OPEN = ("planned", "arrived", "reception")
# What whoever plans, brings or receives a visit says about it, until it is judged.
DETAILS = {
    "customer_name",
    "customer_phone",
    "customer_company",
    "customer_id",
    "member_ids",
    "agency_id",
    "agent_id",
    "method_id",
    "place_id",
    "planned_at",
    "purpose",
    "prechecked",
    "customer_signature",
}
# What may be written at any time.
FREE_FIELDS = {
    "activity_ids",
    "activity_user_id",
    "count_ids",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "message_partner_ids",
    "note",
    "website_message_ids",
}
# Who brings whom where is said before they come.
PLAN = {"agent_id", "agency_id", "place_id", "planned_at", "prechecked"}
# By what a customer is known; corrected, older records are looked for again.
WHO = {"customer_name", "customer_phone", "customer_company", "member_ids"}
# What planners set on a new visit besides.
START = {"kind", "company_id", "user_id"}


class DistributorVisit(models.Model):
    """Who may change what of a visit, and until when."""

    _inherit = "distributor.visit"

    @api.model
    def _get_closed_fields(self):
        """Return the names of the fields that nobody writes, over RPC neither."""
        return {
            name
            for name, field in self._fields.items()
            if field.store
            and name not in DETAILS | FREE_FIELDS | START | {"store_id", "id"}
        }

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, self._get_closed_fields())
        Sequence = self.env["ir.sequence"]
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            vals["name"] = (
                Sequence.with_company(company).next_by_code("distributor.visit") or "/"
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_open_to(vals)
        result = super().write(vals)
        if "customer_signature" in vals:
            self.sudo()._note_signature()  # when and by whom is not the user's to say
        if not WHO.isdisjoint(vals):
            self.sudo()._look_again()  # older records are nobody's to read
        return result

    def _check_open_to(self, vals):
        """Refuse what the buttons alone set, and details of what is judged.

        :raises UserError: says what to do
        """
        if vals.keys() & (self._get_closed_fields() | {"kind", "company_id"}):
            raise UserError(
                self.env._(
                    "The status and the facts of a visit are set by its buttons."
                )
            )
        if not PLAN.isdisjoint(vals) and self.filtered(
            lambda visit: visit.state != "planned"
        ):
            raise UserError(
                self.env._(
                    "Who brings whom, and where, is not changed after the arrival."
                )
            )
        if "user_id" in vals:
            self._check_hand_over()
        late = self.filtered(lambda visit: visit.state not in OPEN)
        if late and vals.keys() - FREE_FIELDS:
            raise UserError(
                self.env._(
                    "%s is judged: what was said about it stays. Appeal against the "
                    "verdict if it is wrong.",
                    late[0].name,
                )
            )

    def _check_hand_over(self):
        """Refuse that anybody but a sales manager chooses who receives (R066).

        :raises UserError: says who does
        """
        given = self.filtered(
            lambda visit: visit.kind in BROUGHT or visit.state != "planned"
        )
        if given and not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise UserError(
                self.env._(
                    "The queue says who receives a customer; a sales manager hands one "
                    "over."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(visit.state not in ("planned", "cancelled") for visit in self):
            raise UserError(
                self.env._(
                    "Visits that took place stay on record. Cancel a planned one."
                )
            )

    @api.constrains("kind", "agent_id", "agency_id", "customer_id", "customer_name")
    def _check_persons(self):
        for visit in self:
            if visit.kind in BROUGHT:
                if not visit.agency_id or not visit.customer_name:
                    raise ValidationError(
                        self.env._("Say which agency brings whom: agency and customer.")
                    )
            elif not visit.customer_id:
                raise ValidationError(self.env._("Say which distributor is visited."))
