# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
import random

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

_logger = logging.getLogger(__name__)

DISTRIBUTORS = (
    # xml id, invoices a year, size of an order
    ("chengdu", 15, 1.9),
    ("guangzhou", 14, 1.6),
    ("hongkong", 9, 2.4),
    ("xian", 11, 1.2),
    ("wuhan", 10, 1.1),
    ("hangzhou", 12, 1.0),
    ("singapore", 7, 1.3),
    ("nanjing", 9, 0.8),
    ("kunming", 7, 0.7),
    ("harbin", 5, 0.8),
    ("london", 4, 0.9),
    ("sanfrancisco", 4, 0.5),
)
PRODUCTS = (
    "banquet_500",
    "banquet_1000",
    "reserve",
    "gift_twin",
    "gift_dragon",
    "cups",
)


class DistributorDemo(models.AbstractModel):
    """The demo's story: two years of sales, last year's rebates settled."""

    _name = "distributor.demo"
    _description = "Distributor Demo Data"

    @api.model
    def _tell_story(self):
        """Sell, compute, settle; nothing where the company keeps no accounts."""
        if not self.env.company.chart_template:
            _logger.info("No chart of accounts: the demo stays without sales.")
            return
        self._create_sales()
        account = self._get_rebate_account()
        programs = self.env["distributor.rebate.program"]
        for name in ("volume_last", "volume", "gift", "volume_next"):
            programs += self._ref(f"program_{name}")
        programs.account_id = account
        programs[:2].accrual_basis = "expected"
        programs.accrual_account_id = self._get_accrual_account()
        programs[1].budget = 20000
        running = programs[:-1]
        running.action_start()
        manager, finance = self._ref("user_manager"), self._ref("user_finance")
        running.with_user(manager).action_compute()
        self._accrue(finance)
        self._settle(programs, manager, finance)

    def _ref(self, name):
        return self.env.ref(f"distributor_crm.{name}")

    def _create_sales(self):
        """Post the invoices of last year and of this year up to yesterday."""
        rng = random.Random(20190)
        today = fields.Date.context_today(self)
        start = today.replace(month=1, day=1) - relativedelta(years=1)
        days = (today - start).days
        products = [self._ref(f"product_{name}") for name in PRODUCTS]
        vals_list = []
        for name, yearly, size in DISTRIBUTORS:
            partner = self._ref(f"partner_{name}")
            for _number in range(round(yearly * days / 365)):
                vals_list.append(
                    {
                        "move_type": "out_invoice",
                        "partner_id": partner.id,
                        "invoice_user_id": partner.user_id.id,
                        "invoice_date": start + relativedelta(days=rng.randrange(days)),
                        "invoice_line_ids": [
                            Command.create(
                                {
                                    "product_id": product.id,
                                    "quantity": round(rng.randint(12, 48) * size),
                                }
                            )
                            for product in rng.sample(products, rng.randint(2, 4))
                        ],
                    }
                )
        vals_list.sort(key=lambda vals: vals["invoice_date"])
        moves = self.env["account.move"].create(vals_list)
        moves.action_post()
        # Every twentieth delivery comes back
        moves[9::20]._reverse_moves(
            [
                {
                    "invoice_date": min(
                        move.invoice_date + relativedelta(days=12), today
                    ),
                    "ref": "Returned: labels damaged in transport",
                }
                for move in moves[9::20]
            ],
            cancel=True,
        )

    def _get_rebate_account(self):
        """Return the contra-revenue account of the rebates, made when missing."""
        return self._get_account("409000", "Distributor Rebates", "income")

    def _get_accrual_account(self):
        """Return the account of what is owed to distributors, made when missing."""
        return self._get_account("219900", "Accrued Rebates", "liability_current")

    def _get_account(self, code, name, kind):
        Account = self.env["account.account"]
        account = Account.search(
            [
                *Account._check_company_domain(self.env.company),
                ("name", "=", name),
            ],
            limit=1,
        )
        values = {"code": code, "name": name, "account_type": kind}
        return account or Account.create(values)

    def _accrue(self, finance):
        """Accrue at the end of last month, where that is a day of the programs."""
        Accrual = self.env["distributor.rebate.accrual"].with_user(finance)
        Accrual.create({}).action_post()

    def _settle(self, programs, manager, finance):
        """Last year is approved and posted, one credit note is used up, and the
        first quarter of this year waits for its approval."""
        last, _volume, gift, _next = programs
        last.statement_ids.with_user(manager).action_approve()
        due = last.statement_ids.filtered("is_payable")
        due[1:].with_user(finance).action_settle()
        self._use_up(due[1:2].move_id)
        first = min(gift.statement_ids.mapped("date_from"), default=None)
        gift.statement_ids.filtered(
            lambda s: s.date_from == first and s.date_to < fields.Date.today()
        ).with_user(manager).action_submit()

    def _use_up(self, credit_note):
        """Set the credit note against the newest open invoice of its distributor."""
        invoice = self.env["account.move"].search(
            [
                ("partner_id", "=", credit_note.partner_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "=", "not_paid"),
            ],
            limit=1,
        )
        (credit_note + invoice).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
