# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.rebate.distributor_rebate_version import VERSION_TERMS
from ..models.rebate.distributor_rebate_what_if import CHANGEABLE

PROGRAM = "distributor.rebate.program"


def _same_choices(name):
    """Return the selection of a program's field, in the user's language."""
    return lambda self: self.env[PROGRAM]._fields[name]._description_selection(self.env)


def _selection(name, string, **options):
    return fields.Selection(
        selection=_same_choices(name), string=string, required=True, **options
    )


class DistributorRebateSimulation(models.TransientModel):
    """A changed program over any period, beside what it promises today.

    The engine computes both in memory; no program and no statement is written.
    """

    _name = "distributor.rebate.simulation"
    _description = "Rebate What-If"

    program_id = fields.Many2one(
        comodel_name=PROGRAM, required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="program_id.company_id")
    currency_id = fields.Many2one(related="program_id.currency_id")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)

    period_type = _selection("period_type", "Settled Every")
    window_type = _selection("window_type", "Added Up Over")
    measure = _selection("measure", "Measure")
    uom_id = fields.Many2one(comodel_name="uom.uom", string="Unit")
    scale = _selection("scale", "Tiers Ask For")
    baseline = _selection("baseline", "Earlier Period")
    basis = _selection("basis", "Pays On")
    reward = _selection("reward", "Reward")
    method = _selection("method", "Method")
    release = _selection("release", "Released")
    group_policy = _selection("group_policy", "Head Office and Branches")
    multiple = fields.Float(string="For Every", digits="Product Unit")
    free_product_id = fields.Many2one(comodel_name="product.product")
    minimum = fields.Monetary(string="Pays From")
    maximum = fields.Monetary(string="Pays At Most")
    guarantee = fields.Monetary(string="Guaranteed Minimum")
    is_guarantee_cumulated = fields.Boolean(string="Guarantee Adds Up")
    tier_ids = fields.One2many(
        comodel_name="distributor.rebate.simulation.tier",
        inverse_name="simulation_id",
        string="Tiers",
    )

    grade_ids = fields.Many2many(
        comodel_name="res.partner.grade", string="Distributor Tiers"
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="distributor_rebate_simulation_partner_rel",
        string="Distributors",
        domain=[("is_distributor", "=", True)],
    )
    partner_tag_ids = fields.Many2many(
        comodel_name="res.partner.category", string="Distributor Tags"
    )
    excluded_partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="distributor_rebate_simulation_excluded_partner_rel",
        string="Excluded Distributors",
        domain=[("is_distributor", "=", True)],
    )
    product_categ_ids = fields.Many2many(
        comodel_name="product.category", string="Product Categories"
    )
    product_ids = fields.Many2many(
        comodel_name="product.product",
        relation="distributor_rebate_simulation_product_rel",
        string="Products",
    )
    product_tag_ids = fields.Many2many(
        comodel_name="product.tag", string="Product Tags"
    )
    excluded_product_categ_ids = fields.Many2many(
        comodel_name="product.category",
        relation="distributor_rebate_simulation_excluded_categ_rel",
        string="Excluded Product Categories",
    )
    excluded_product_ids = fields.Many2many(
        comodel_name="product.product",
        relation="distributor_rebate_simulation_excluded_product_rel",
        string="Excluded Products",
    )

    formula_today = fields.Text(string="Terms Today", compute="_compute_formulas")
    formula_what_if = fields.Text(string="Terms What If", compute="_compute_formulas")
    result_ids = fields.One2many(
        comodel_name="distributor.rebate.simulation.result",
        inverse_name="simulation_id",
        readonly=True,
    )
    result_count = fields.Integer(compute="_compute_totals")
    today_total = fields.Monetary(string="Today", compute="_compute_totals")
    what_if_total = fields.Monetary(string="What If", compute="_compute_totals")
    difference_total = fields.Monetary(string="Difference", compute="_compute_totals")

    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)",
        "A period ends on or after the day it starts. Correct one of the two dates.",
    )

    @api.depends("program_id")
    def _compute_display_name(self):
        for simulation in self:
            simulation.display_name = self.env._(
                "What if: %s", simulation.program_id.name or ""
            )

    @api.depends("program_id", "tier_ids.threshold", "tier_ids.rate", *CHANGEABLE)
    def _compute_formulas(self):
        for simulation in self:
            program = simulation.program_id
            simulation.formula_today = program._get_versions()[-1].formula
            simulation.formula_what_if = simulation._get_program().formula

    @api.depends("result_ids.today", "result_ids.what_if")
    def _compute_totals(self):
        for simulation in self:
            results = simulation.result_ids
            simulation.result_count = len(results)
            simulation.today_total = sum(results.mapped("today"))
            simulation.what_if_total = sum(results.mapped("what_if"))
            simulation.difference_total = (
                simulation.what_if_total - simulation.today_total
            )

    def write(self, vals):
        # A comparison of other terms than those on the screen would mislead.
        if {"date_from", "date_to", "tier_ids", *CHANGEABLE} & vals.keys():
            self.result_ids.unlink()
        return super().write(vals)

    def _get_values(self) -> dict:
        """Return the changed terms as a program's values."""
        self.ensure_one()
        return {
            **self.program_id._copy_terms_from(self),
            "date_from": self.date_from,
            "date_to": self.date_to,
        }

    def _get_program(self):
        """Return the changed program, in memory only."""
        self.program_id.check_access("read")
        program = self.program_id.sudo()  # the result is the same for whoever asks
        return program._in_memory(
            {**self._get_values(), "valid_from": self.date_from, "version_ids": False}
        )

    # -- actions ---------------------------------------------------------------------

    def action_compare(self):
        """Compute both over the period, and keep the results until the what-if goes."""
        self.ensure_one()
        self.check_access("write")
        if not self.tier_ids:
            raise UserError(
                self.env._("Add at least one tier, with where it starts and its rate.")
            )
        program = self._get_program()
        program._check_window_type()
        program._check_terms_fit()
        what_if = program._simulate()
        program = self.program_id.sudo()  # the result is the same for whoever asks
        today = program._over(self.date_from, self.date_to)._simulate()
        self._store_results(today, what_if)

    def _store_results(self, today, what_if):
        """Keep what was found, a row a distributor."""
        partners = sorted(today.keys() | what_if.keys())
        rows = []
        for partner in partners:
            now, then = today.get(partner), what_if.get(partner)
            rows.append(
                {
                    "simulation_id": self.id,
                    "partner_id": partner,
                    "basis": now.basis if now else 0,
                    "basis_what_if": then.basis if then else 0,
                    "today": now.amount if now else 0,
                    "what_if": then.amount if then else 0,
                }
            )
        self.result_ids.unlink()
        results = self.env["distributor.rebate.simulation.result"].create(rows)
        self.env["distributor.rebate.simulation.bar"].create(
            [vals for result in results for vals in result._prepare_bar_vals()]
        )
        self.invalidate_recordset(["result_ids"])

    def action_year_earlier(self):
        """Compare over the same days of the year before."""
        self.ensure_one()
        year = relativedelta(years=1)
        self.write({"date_from": self.date_from - year, "date_to": self.date_to - year})
        self.action_compare()

    def action_view_results(self):
        """Open the comparison by distributor."""
        return self._get_result_action("distributor_rebate_simulation_result_action")

    def action_view_chart(self):
        """Open the comparison as a chart."""
        return self._get_result_action("distributor_rebate_simulation_bar_action")

    def _get_result_action(self, name):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"distributor_crm.{name}"
        )
        return {**action, "domain": [("simulation_id", "in", self.ids)]}

    def action_view_program(self):
        """Open the program as it is."""
        return self.program_id._get_records_action()

    def action_create_program(self):
        """Create a draft program with the changed terms, and open it."""
        program = self.program_id.copy(
            {
                **self._get_values(),
                "name": self.env._("%s (what-if)", self.program_id.name),
            }
        )
        return program._get_records_action()

    def action_create_version(self):
        """Create a draft version of the program with the changed terms, and open it.

        :raises UserError: a version cannot change these terms
        """
        self._check_version_possible()
        action = self.program_id.action_new_version()
        values = {k: v for k, v in self._get_values().items() if k in VERSION_TERMS}
        values["tier_ids"] = [Command.clear(), *values["tier_ids"]]
        self.env[PROGRAM].browse(action["res_id"]).write(values)
        return action

    def _check_version_possible(self):
        """Check that only terms of a version are changed, and none is in the making.

        :raises UserError: says why not, and what to do
        """
        self.ensure_one()
        program = self.program_id
        if program.version_ids.filtered(lambda version: version.state == "draft"):
            raise UserError(
                self.env._(
                    "%s has a draft version already. Start or delete that one first.",
                    program.name,
                )
            )
        now, then = program._copy_terms(), self._get_values()
        changed = [
            self._fields[name]._description_string(self.env)
            for name in CHANGEABLE
            if name not in VERSION_TERMS and now[name] != then[name]
        ]
        if changed:
            raise UserError(
                self.env._(
                    "A version changes rates, products and distributors. %(fields)s "
                    "belong to the program as a whole: create a program instead.",
                    fields=", ".join(sorted(changed)),
                )
            )


class DistributorRebateSimulationTier(models.TransientModel):
    """A step of the changed ladder."""

    _name = "distributor.rebate.simulation.tier"
    _description = "Rebate What-If: Tier"
    _order = "threshold, id"

    simulation_id = fields.Many2one(
        comodel_name="distributor.rebate.simulation", required=True, ondelete="cascade"
    )
    threshold = fields.Float(string="From", digits=(16, 4), required=True)
    rate = fields.Float(digits=(16, 4), required=True)

    _threshold_unique = models.Constraint(
        "UNIQUE(simulation_id, threshold)",
        "Two tiers cannot start at the same amount. Change or delete one of them.",
    )
    _not_negative = models.Constraint(
        "CHECK(threshold >= 0 AND rate >= 0)",
        "Tiers and rates are never negative. Enter zero or a positive number.",
    )
