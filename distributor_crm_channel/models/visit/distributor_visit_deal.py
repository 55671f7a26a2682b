# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import SQL


class DistributorVisit(models.Model):
    """Whose customer bought: a sale within the protection is credited (R073, R076)."""

    _inherit = "distributor.visit"

    def _make_customer(self):
        """Make the contact of a registered customer; he is in our system from now on."""
        for visit in self.filtered(lambda visit: not visit.customer_id):
            visit.customer_id = (
                self.env["res.partner"]
                .with_context(mail_create_nosubscribe=True)
                .create(
                    {
                        "name": visit.customer_name,
                        "phone": visit.customer_phone,
                        "company_name": visit.customer_company,
                        "company_id": visit.company_id.id,
                        "user_id": visit.user_id.id,
                    }
                )
            )

    @api.model
    def _credit_sales(self, orders=None):
        """Credit sales to the visits that brought the customers, in one statement.

        A sale is credited to one visit, the first valid one that protects its customer
        on the day of the order, by contact, company of contacts, or phone. A visit has
        one sale, the first.

        :param orders: only these; None looks at all recent ones
        :return: the visits that were credited
        """
        self.env.flush_all()
        some = SQL("AND sale.id = ANY(%s)", orders.ids) if orders is not None else SQL()
        rows = self.env.execute_query(
            SQL(
                """
                WITH hit AS (
                    SELECT DISTINCT ON (sale.id)
                           sale.id AS order_id, visit.id AS visit_id, sale.date_order,
                           ROUND((sale.amount_untaxed
                                  / COALESCE(NULLIF(sale.currency_rate, 0), 1))::numeric,
                                 cur.decimal_places) AS amount,
                           visit.arrived_at
                      FROM sale_order sale
                      JOIN res_partner buyer ON buyer.id = sale.partner_id
                      JOIN res_company company ON company.id = sale.company_id
                      JOIN res_currency cur ON cur.id = company.currency_id
                      JOIN distributor_visit visit
                        ON visit.verdict = 'valid' AND visit.deal_order_id IS NULL
                       AND visit.protected_until IS NOT NULL
                       AND visit.kind IN ('promoter', 'external')
                       AND visit.company_id = sale.company_id
                       AND sale.date_order::date <= visit.protected_until
                       AND sale.date_order >= visit.arrived_at
                       AND (visit.customer_id IN
                                (buyer.id, buyer.commercial_partner_id)
                            OR visit.phone_key = buyer.visit_phone_key)
                      JOIN distributor_visit_policy policy ON policy.id = visit.policy_id
                     WHERE sale.state = 'sale' AND sale.amount_untaxed > 0
                       AND sale.date_order > now() AT TIME ZONE 'UTC' - interval '1 year'
                       AND (policy.deal_event = 'confirmed'
                            OR sale.invoice_status = 'invoiced')
                       AND NOT EXISTS (SELECT FROM distributor_visit other
                                        WHERE other.deal_order_id = sale.id)
                       %(some)s
                     ORDER BY sale.id, visit.arrived_at, visit.id
                ), one AS (
                    SELECT DISTINCT ON (visit_id) * FROM hit
                     ORDER BY visit_id, date_order, order_id
                )
                UPDATE distributor_visit visit
                   SET deal_order_id = one.order_id, deal_amount = one.amount,
                       deal_at = one.date_order, write_uid = %(user)s,
                       write_date = now() AT TIME ZONE 'UTC'
                  FROM one WHERE one.visit_id = visit.id
             RETURNING visit.id
                """,
                some=some,
                user=self.env.uid,
            )
        )
        self.invalidate_model(["deal_order_id", "deal_amount", "deal_at"])
        visits = self.browse(row[0] for row in rows)
        for visit in visits:
            visit._message_log(
                body=visit.env._("Sale credited: %s", visit.deal_order_id.name)
            )
        return visits

    @api.model
    def _cron_credit_sales(self):
        """Scheduled: credit what was sold, whatever way the order came in, and follow
        what became of it."""
        trusted = self.sudo()
        trusted._credit_sales()
        for (company,) in trusted._read_group(
            [("deal_order_id", "!=", False)], ["company_id"]
        ):
            trusted._revalue_sales(company)

    @api.model
    def _revalue_sales(self, company):
        """Bring what credited sales are worth up to date, in one statement (R073).

        That is what was ordered or invoiced, whichever is more, less what was credited,
        without taxes; by the rate of the order. Sales of the last year are looked at.

        :return: the visits whose sale is worth something else now
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH worth AS (
                    SELECT visit.id,
                           ROUND((GREATEST(GREATEST(sale.amount_untaxed,
                                                    COALESCE(booked.invoiced, 0))
                                           + COALESCE(booked.credited, 0), 0)
                                  / COALESCE(NULLIF(sale.currency_rate, 0), 1))::numeric,
                                 cur.decimal_places) AS amount
                      FROM distributor_visit visit
                      JOIN sale_order sale
                        ON sale.id = visit.deal_order_id AND sale.state = 'sale'
                      JOIN res_company company ON company.id = visit.company_id
                      JOIN res_currency cur ON cur.id = company.currency_id
                      LEFT JOIN LATERAL (
                          SELECT SUM(amount) FILTER (WHERE amount > 0) AS invoiced,
                                 SUM(amount) FILTER (WHERE amount < 0) AS credited
                            FROM (
                              SELECT - SUM(CASE WHEN item.currency_id = sale.currency_id
                                                THEN item.amount_currency
                                                ELSE item.balance * COALESCE(
                                                    NULLIF(sale.currency_rate, 0), 1)
                                           END) AS amount
                                FROM sale_order_line line
                                JOIN sale_order_line_invoice_rel rel
                                  ON rel.order_line_id = line.id
                                JOIN account_move_line item
                                  ON item.id = rel.invoice_line_id
                                JOIN account_move move
                                  ON move.id = item.move_id AND move.state = 'posted'
                               WHERE line.order_id = sale.id
                               GROUP BY move.id) document) booked ON TRUE
                     WHERE visit.company_id = %(company)s
                       AND visit.deal_at > now() AT TIME ZONE 'UTC' - interval '1 year'
                )
                UPDATE distributor_visit visit
                   SET deal_amount = worth.amount, write_uid = %(user)s,
                       write_date = now() AT TIME ZONE 'UTC'
                  FROM worth
                 WHERE worth.id = visit.id AND visit.deal_amount <> worth.amount
             RETURNING visit.id
                """,
                company=company.id,
                user=self.env.uid,
            )
        )
        self.invalidate_model(["deal_amount"])
        return self.browse(row[0] for row in rows)

    def _drop_sale(self):
        """Take a credit back: the order was cancelled."""
        for visit in self:
            visit._message_log(
                body=visit.env._(
                    "%s was cancelled: no sale is credited.", visit.deal_order_id.name
                )
            )
        self.write({"deal_order_id": False, "deal_amount": 0, "deal_at": False})

    def action_view_sale(self):
        """Open the sale that is credited."""
        self.ensure_one()
        return self.deal_order_id._get_records_action()

    @api.model
    def _may_be_credited(self, orders) -> bool:
        """Whether a visit protects a buyer of these orders: one look at two indexes."""
        buyers = orders.partner_id | orders.partner_id.commercial_partner_id
        phones = [key for key in orders.partner_id.mapped("visit_phone_key") if key]
        return bool(
            self.search(
                [
                    ("verdict", "=", "valid"),
                    ("deal_order_id", "=", False),
                    ("protected_until", "!=", False),
                    "|",
                    ("customer_id", "in", buyers.ids),
                    ("phone_key", "in", phones),
                ],
                limit=1,
                order="id",
            )
        )
