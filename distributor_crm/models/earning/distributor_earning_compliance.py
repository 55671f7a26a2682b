# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class DistributorEarningCompliance(models.Model):
    """How a tree of stores looks to someone who asks whether it is pyramid selling.

    One row a tree, and one for all stores of the company together (R014).
    """

    _name = "distributor.earning.compliance"
    _description = "Sub-stores and Pay"
    _auto = False
    _order = "company_id, is_total desc, people desc, id"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    store_id = fields.Many2one(
        comodel_name="distributor.store", string="Top Store", readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Owner", readonly=True
    )
    is_total = fields.Boolean(string="All Stores", readonly=True)
    people = fields.Integer(
        readonly=True, help="Different owners of stores in the tree, and the organiser."
    )
    depth = fields.Integer(
        string="Levels",
        readonly=True,
        aggregator="max",
        help="Counted with the organiser: the company, its stores, their sub-stores.",
    )
    paid_levels = fields.Integer(
        readonly=True,
        aggregator="max",
        help="On how many levels somebody was paid for one sale.",
    )
    sales_own = fields.Monetary(string="Sales of Stores", readonly=True)
    sales_sub = fields.Monetary(string="Sales of Sub-stores", readonly=True)
    pay_own = fields.Monetary(string="Pay for Own Sales", readonly=True)
    pay_sub = fields.Monetary(string="Pay for Sub-stores' Sales", readonly=True)
    share_own = fields.Float(
        string="From Own Sales (%)", digits=(16, 1), readonly=True, aggregator="avg"
    )
    warn_people = fields.Boolean(string="Many People", readonly=True)
    warn_depth = fields.Boolean(string="Many Levels", readonly=True)
    warn_share = fields.Boolean(string="Little from Own Sales", readonly=True)
    warning_count = fields.Integer(string="Warnings", readonly=True)
    explanation = fields.Text(compute="_compute_explanation")

    @property
    def _table_query(self):
        return SQL(
            """
            WITH tree AS (
                SELECT id AS store_id, COALESCE(parent_id, id) AS root_id, company_id,
                       partner_id, level
                  FROM distributor_store WHERE state <> 'closed'
                    OR id IN (SELECT store_id FROM distributor_earning)
            ),
            member AS (
                SELECT root_id, company_id, store_id, partner_id, level FROM tree
                 UNION ALL
                SELECT NULL, company_id, store_id, partner_id, level FROM tree
            ),
            head AS (
                SELECT root_id, company_id, COUNT(DISTINCT partner_id) + 1 AS people,
                       MAX(level) + 1 AS depth
                  FROM member GROUP BY 1, 2
            ),
            pay AS (
                SELECT member.root_id, member.company_id,
                       SUM(base) FILTER (
                           WHERE earning.level = 1 AND member.level = 1) AS sales_own,
                       SUM(base) FILTER (
                           WHERE earning.level = 1 AND member.level = 2) AS sales_sub,
                       SUM(amount) FILTER (WHERE earning.level = 1) AS pay_own,
                       SUM(amount) FILTER (WHERE earning.level = 2) AS pay_sub,
                       MAX(earning.level) AS paid_levels
                  FROM member
                  JOIN distributor_earning earning ON earning.store_id = member.store_id
                 GROUP BY 1, 2
            ),
            row AS (
                SELECT head.*, COALESCE(sales_own, 0) AS sales_own,
                       COALESCE(sales_sub, 0) AS sales_sub,
                       COALESCE(pay_own, 0) AS pay_own,
                       COALESCE(pay_sub, 0) AS pay_sub,
                       COALESCE(paid_levels, 0) AS paid_levels,
                       CASE WHEN COALESCE(pay_own, 0) + COALESCE(pay_sub, 0) > 0
                            THEN 100.0 * COALESCE(pay_own, 0)
                                 / (COALESCE(pay_own, 0) + COALESCE(pay_sub, 0))
                            ELSE 100 END AS share_own
                  FROM head LEFT JOIN pay
                    ON pay.root_id IS NOT DISTINCT FROM head.root_id
                   AND pay.company_id = head.company_id
            ),
            judged AS (
                SELECT row.*, company.currency_id,
                       people >= company.earning_warn_people AS warn_people,
                       depth >= company.earning_warn_depth AS warn_depth,
                       share_own < company.earning_warn_share AS warn_share
                  FROM row JOIN res_company company ON company.id = row.company_id
            )
            SELECT COALESCE(judged.root_id, -judged.company_id) AS id, judged.company_id,
                   currency_id, judged.root_id AS store_id, store.partner_id,
                   judged.root_id IS NULL AS is_total, people, depth, paid_levels,
                   sales_own, sales_sub, pay_own, pay_sub, share_own,
                   warn_people, warn_depth, warn_share,
                   warn_people::int + warn_depth::int + warn_share::int AS warning_count
              FROM judged LEFT JOIN distributor_store store ON store.id = judged.root_id
            """
        )

    @api.depends("company_id", "store_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.store_id.name or self.env._(
                "All stores of %s", row.company_id.name
            )

    @api.depends("warn_people", "warn_depth", "warn_share")
    def _compute_explanation(self):
        for row in self:
            company = row.company_id
            texts = []
            if row.warn_people:
                texts.append(
                    self.env._(
                        "%(count)s people with the organiser; the warning starts at "
                        "%(limit)s.",
                        count=row.people,
                        limit=company.earning_warn_people,
                    )
                )
            if row.warn_depth:
                texts.append(
                    self.env._(
                        "%(count)s levels with the organiser; the warning starts at "
                        "%(limit)s.",
                        count=row.depth,
                        limit=company.earning_warn_depth,
                    )
                )
            if row.warn_share:
                texts.append(
                    self.env._(
                        "%(share)s%% of the pay comes from own sales; the warning starts "
                        "below %(limit)s%%.",
                        share=round(row.share_own, 1),
                        limit=round(company.earning_warn_share, 1),
                    )
                )
            row.explanation = "\n".join(texts)

    def action_view_stores(self):
        """Open the stores of these trees."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_store_action"
        )
        roots = self.store_id
        domain = [("company_id", "in", self.company_id.ids)]
        if roots and len(roots) == len(self):
            domain = ["|", ("id", "in", roots.ids), ("parent_id", "in", roots.ids)]
        return {**action, "domain": domain, "context": {}}

    def action_view_earnings(self):
        """Open what was earned in these trees."""
        roots = self.store_id
        domain = [("company_id", "in", self.company_id.ids)]
        if roots and len(roots) == len(self):
            domain = [
                "|",
                ("store_id", "in", roots.ids),
                ("store_id.parent_id", "in", roots.ids),
            ]
        return self.env["distributor.earning"]._get_list_action(domain)
