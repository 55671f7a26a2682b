# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.distributor_crm.rebate import ledger
from odoo.addons.distributor_crm.rebate.ledger import Scope
from odoo.addons.distributor_crm.rebate.period import Period

from .figures import in_territory


class DistributorTerritory(models.Model):
    """What is sold in a territory this year, to whom, and what was aimed at (A07, R123).

    Who is in a territory is told by his address; who may sell there, by authorizations.
    """

    _inherit = "distributor.territory"

    target_ids = fields.One2many(
        comodel_name="distributor.target",
        inverse_name="territory_id",
        string="Targets",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sales = fields.Monetary(
        string="Sales This Year",
        compute="_compute_sales",
        help="To the distributors whose address lies here; less credit notes.",
    )
    sales_before = fields.Monetary(
        string="Sales Year Before",
        compute="_compute_sales",
        help="Until the same day of the year before.",
    )
    growth = fields.Float(string="Growth (%)", compute="_compute_sales", digits=(16, 1))
    inside_count = fields.Integer(
        string="Distributors Here",
        compute="_compute_sales",
        help="How many distributors have their address here.",
    )
    target_id = fields.Many2one(
        comodel_name="distributor.target",
        string="Target This Year",
        compute="_compute_target_id",
    )
    target_amount = fields.Monetary(string="Target", compute="_compute_target_id")
    target_due = fields.Monetary(string="Due Today", compute="_compute_target_id")
    target_pace = fields.Float(
        string="To Date (%)", compute="_compute_target_id", digits=(16, 1)
    )
    target_count = fields.Integer(compute="_compute_target_id")

    def _get_partners_inside(self):
        """Return the distributors whose address lies in these territories."""
        self.env.flush_all()
        inside = SQL(" UNION ").join(
            SQL("SELECT id FROM %s inside", in_territory(SQL("%s", territory_id)))
            for territory_id in self.ids
        )
        ids = [row[0] for row in self.env.execute_query(inside)] if self.ids else []
        return self.env["res.partner"].browse(ids)

    def _compute_sales(self):
        self.env.flush_all()
        for company, own in self.grouped("company_id").items():
            found = {
                row["id"]: row
                for row in self.env.execute_query_dict(own._get_sales_query(company))
            }
            for territory in own:
                row = found.get(territory.id, {})
                territory.sales = row.get("sales", 0)
                territory.sales_before = row.get("before", 0)
                territory.inside_count = row.get("count", 0)
                before = territory.sales_before
                territory.growth = (
                    100 * (territory.sales / before - 1) if before > 0 else 0
                )

    def _get_sales_query(self, company) -> SQL:
        """Return the statement of what is sold in territories of a company."""
        today = fields.Date.context_today(self)
        this_year = Period(today.replace(month=1, day=1), today)
        spans = {0: this_year, 1: this_year.a_year_before()}
        everybody = SQL("(SELECT id FROM res_partner WHERE is_distributor)")
        return SQL(
            """
            WITH sold AS MATERIALIZED (
                SELECT partner_id, SUM(amount) FILTER (WHERE number = 0) AS sales,
                       SUM(amount) FILTER (WHERE number = 1) AS before
                  FROM (%(lines)s) line GROUP BY 1)
            SELECT own.id, COUNT(*) FILTER (WHERE partner.active) AS count,
                   COALESCE(SUM(sold.sales), 0) AS sales,
                   COALESCE(SUM(sold.before), 0) AS before
              FROM distributor_territory own
              JOIN res_partner partner
                ON partner.id IN %(inside)s
              LEFT JOIN sold ON sold.partner_id = partner.id
             WHERE own.id = ANY(%(ids)s)
             GROUP BY 1
            """,
            lines=ledger.lines(Scope(company.id, spans, everybody)),
            inside=in_territory(SQL("own.id")),
            ids=self.ids,
        )

    def _compute_target_id(self):
        year = fields.Date.context_today(self).year
        targets = self.env["distributor.target"].search(
            [
                ("territory_id", "in", self.ids),
                ("year", "=", year),
                ("state", "=", "approved"),
            ]
        )
        by_territory = targets.grouped("territory_id")
        counts = dict(
            self.env["distributor.target"]._read_group(
                [("territory_id", "in", self.ids), ("state", "!=", "superseded")],
                ["territory_id"],
                ["__count"],
            )
        )
        for territory in self:
            target = by_territory.get(territory, targets.browse())
            territory.target_id = target
            territory.target_amount = target.amount
            territory.target_due = target.due
            territory.target_pace = target.pace
            territory.target_count = counts.get(territory, 0)

    def action_view_targets(self):
        """Open the targets of these territories, or set one."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_target_action"
        )
        context = {"default_scope": "territory"}
        if len(self) == 1:
            context["default_territory_id"] = self.id
        return {
            **action,
            "domain": [("territory_id", "in", self.ids)],
            "context": context,
        }

    def action_view_inside(self):
        """Open the distributors whose address lies in these territories."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.res_partner_distributor_action"
        )
        return {
            **action,
            "domain": [("id", "in", self._get_partners_inside().ids)],
            "context": {"create": False},
        }

    def action_view_invoices(self):
        """Open this year's invoices and credit notes to distributors of a territory."""
        self.ensure_one()
        year = fields.Date.context_today(self).year
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "account.action_move_out_invoice_type"
            ),
            "name": self.env._("Invoices in %s", self.name),
            "domain": list(
                Domain("company_id", "=", self.company_id.id)
                & Domain("state", "=", "posted")
                & Domain("move_type", "in", ("out_invoice", "out_refund"))
                & Domain("is_distributor_rebate", "=", False)
                & Domain("invoice_date", ">=", f"{year}-01-01")
                & Domain("commercial_partner_id", "in", self._get_partners_inside().ids)
            ),
            "context": {"create": False},
        }
