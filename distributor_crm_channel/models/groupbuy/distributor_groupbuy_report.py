# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models, tools
from odoo.tools import SQL

TABLE = "distributor_groupbuy_report"


class DistributorGroupbuyReport(models.Model):
    """What is open, and since when (R043): by what it waits for and by age."""

    _name = "distributor.groupbuy.report"
    _description = "Open Group-buys by Age"
    _auto = False
    _order = "days desc"
    _rec_name = "groupbuy_id"

    groupbuy_id = fields.Many2one(
        comodel_name="distributor.groupbuy", string="Group-buy", readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Distributor", readonly=True
    )
    account_manager_id = fields.Many2one(comodel_name="res.users", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    waiting = fields.Selection(
        selection=[
            ("1_filing", "Filing"),
            ("2_shipment", "Shipment"),
            ("3_use", "Use on Site"),
            ("4_report", "Report of a Use"),
            ("5_verdict", "Verification"),
            ("6_case", "Case"),
        ],
        string="Waits For",
        readonly=True,
    )
    since = fields.Date(readonly=True)
    days = fields.Integer(string="Age (Days)", aggregator="avg", readonly=True)
    age = fields.Selection(
        selection=[
            ("1_week", "Up to 7 Days"),
            ("2_month", "8 to 30 Days"),
            ("3_quarter", "31 to 90 Days"),
            ("4_older", "Older"),
        ],
        readonly=True,
    )

    def init(self):
        tools.drop_view_if_exists(self.env.cr, TABLE)
        self.env.cr.execute(
            SQL("CREATE VIEW %s AS %s", SQL.identifier(TABLE), SQL(self._get_select()))
        )

    def _get_select(self):
        return """
            SELECT id, id AS groupbuy_id, partner_id, account_manager_id, company_id,
                   waiting, since, today - since AS days,
                   CASE WHEN today - since <= 7 THEN '1_week'
                        WHEN today - since <= 30 THEN '2_month'
                        WHEN today - since <= 90 THEN '3_quarter'
                        ELSE '4_older' END AS age
              FROM (
                    SELECT groupbuy.id, groupbuy.partner_id, groupbuy.company_id,
                           partner.account_manager_id, today,
                           CASE WHEN groupbuy.is_held THEN '6_case'
                                WHEN groupbuy.state = 'draft' THEN '1_filing'
                                WHEN groupbuy.state = 'filed' THEN '2_shipment'
                                WHEN uses.open = 0 THEN '5_verdict'
                                WHEN uses.first < today THEN '4_report'
                                ELSE '3_use' END AS waiting,
                           LEAST(today, CASE
                                WHEN groupbuy.is_held THEN GREATEST(
                                    groupbuy.verified_at, groupbuy.turned_up_at)
                                WHEN groupbuy.state = 'draft' THEN groupbuy.create_date
                                WHEN groupbuy.state = 'filed' THEN groupbuy.filed_at
                                WHEN uses.open = 0 THEN uses.reported
                                WHEN uses.first < today THEN uses.first
                                ELSE groupbuy.shipped_at END::date) AS since
                      FROM distributor_groupbuy groupbuy
                      JOIN res_partner partner ON partner.id = groupbuy.partner_id
                     CROSS JOIN (SELECT (now() AT TIME ZONE 'UTC')::date AS today) day
                      LEFT JOIN LATERAL (
                            SELECT count(*) FILTER (WHERE reported_at IS NULL) AS open,
                                   min(date) FILTER (WHERE reported_at IS NULL)
                                   AS first,
                                   max(reported_at) AS reported
                              FROM distributor_groupbuy_use usage
                             WHERE usage.groupbuy_id = groupbuy.id
                           ) uses ON TRUE
                     WHERE groupbuy.state IN ('draft', 'filed', 'shipped')
                        OR groupbuy.is_held
                   ) AS open_items
        """
