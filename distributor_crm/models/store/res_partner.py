# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """A distributor's stores, agreements and shops elsewhere."""

    _inherit = "res.partner"

    store_ids = fields.One2many(
        comodel_name="distributor.store", inverse_name="partner_id", string="Stores"
    )
    agreement_ids = fields.One2many(
        comodel_name="distributor.agreement",
        inverse_name="partner_id",
        string="Agreements",
    )
    declared_shop_ids = fields.One2many(
        comodel_name="distributor.declared.shop",
        inverse_name="partner_id",
        string="Declared Shops",
    )
    assignment_ids = fields.One2many(
        comodel_name="distributor.assignment",
        inverse_name="partner_id",
        string="Account Managers",
    )
    store_count = fields.Integer(compute="_compute_store_counts")
    agreement_count = fields.Integer(compute="_compute_store_counts")
    declared_shop_count = fields.Integer(compute="_compute_store_counts")
    has_reduced_access = fields.Boolean(
        string="Reduced Portal Access",
        readonly=True,
        copy=False,
        tracking=True,
        help="His agreement is over: on the portal he sees what he earned and owes, "
        "and starts nothing new.",
    )

    @api.depends("store_ids", "agreement_ids", "declared_shop_ids")
    def _compute_store_counts(self):
        for field, model in (
            ("store_count", "distributor.store"),
            ("agreement_count", "distributor.agreement"),
            ("declared_shop_count", "distributor.declared.shop"),
        ):
            counts = dict(
                self.env[model]._read_group(
                    [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
                )
            )
            for partner in self:
                partner[field] = counts.get(partner, 0)

    # -- who looks after them --------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        managed = partners.filtered("account_manager_id")
        if managed:
            # The history is written by code alone.
            self.env["distributor.assignment"].sudo()._follow(managed)
        return partners

    def write(self, vals):
        if "has_reduced_access" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "Portal access follows from the agreement: end it, or have a new "
                    "one signed."
                )
            )
        if "account_manager_id" not in vals:
            return super().write(vals)
        before = {partner: partner.account_manager_id for partner in self}
        result = super().write(vals)
        changed = self.filtered(lambda p: p.account_manager_id != before[p])
        if changed:
            # The history is written by code alone.
            self.env["distributor.assignment"].sudo()._follow(changed)
        return result

    def _get_manager_candidates(self, company):
        """Return who may look after this distributor, the choice narrowed by place.

        Account managers whose service area names the province come first, then those
        of the country, then those without an area, then all.

        :param company: for which the distributor sells
        :return: users; empty where the company has no account manager
        """
        self.ensure_one()
        managers = company._get_group_users("distributor_crm.group_account_manager")
        areas = self.env["distributor.service.area"].search(
            [("company_id", "=", company.id), ("user_id", "in", managers.ids)]
        )
        here = areas.filtered(lambda a: a.country_id == self.country_id)
        province = here.filtered(
            lambda a: self.state_id and self.state_id in a.state_ids
        )
        country = here.filtered(lambda a: not a.state_ids)
        return (
            province.user_id or country.user_id or managers - areas.user_id or managers
        ).sorted("id")

    def _get_service_place(self):
        """Hook: return what of an address decides who may look after it.

        :return: a tuple of country, state, and what else counts
        """
        self.ensure_one()
        return (self.country_id, self.state_id)

    def _assign_account_manager(self, company=None):
        """Give distributors without an account manager the one with the least to do.

        Least is the number of stores not closed; equals are taken in order of their
        id, so that the choice can be told beforehand (R029).

        :param company: for which they sell; by default the current one
        """
        company = company or self.env.company
        waiting = self.filtered(lambda partner: not partner.account_manager_id)
        candidates = {p: p._get_manager_candidates(company) for p in waiting}
        users = self.env["res.users"].union(*candidates.values())
        load = users._get_store_load(company)
        for partner, choice in candidates.items():
            if choice:
                manager = min(choice, key=lambda user: (load[user], user.id))
                partner.account_manager_id = manager
                load[manager] += 1

    # -- agreements ------------------------------------------------------------------

    def _get_agreement_in_force(self, company, mode=None):
        """Return the agreement that holds with this distributor now, or none.

        :param mode: of this mode only
        """
        self.ensure_one()
        domain = [
            ("partner_id", "=", self.id),
            ("company_id", "=", company.id),
            ("amends_id", "=", False),
            ("is_in_force", "=", True),
        ]
        if mode:
            domain.append(("mode", "=", mode))
        # Whether one holds is asked for people who may not read it.
        return self.env["distributor.agreement"].sudo().search(domain, limit=1)

    # -- buttons ---------------------------------------------------------------------

    def action_view_stores(self):
        """Open the stores of these distributors."""
        return self._get_own_action("distributor_crm.distributor_store_action")

    def action_view_agreements(self):
        """Open the agreements with these distributors."""
        return self._get_own_action("distributor_crm.distributor_agreement_action")

    def action_view_declared_shops(self):
        """Open the shops that these distributors declared."""
        return self._get_own_action("distributor_crm.distributor_declared_shop_action")

    def _get_own_action(self, xmlid):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        context = {"default_partner_id": self.id} if len(self) == 1 else {}
        return {
            **action,
            "domain": [("partner_id", "in", self.ids)],
            "context": context,
        }

    # -- what others add -------------------------------------------------------------

    def _check_may_run_store(self, company):
        """Check that these distributors may have open stores.

        :raises UserError: says what stands against it, such as a black list
        """
