# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.distributor_crm.guard import lock_or_refuse


class DistributorRebateProgram(models.Model):
    _inherit = "distributor.rebate.program"

    settlement_form = fields.Selection(
        selection_add=[("shop_credit", "Shop credit")],
        ondelete={"shop_credit": "set credit_note"},
    )
    wallet_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Shop Credit",
        domain=[("program_type", "=", "ewallet")],
        check_company=True,
        tracking=True,
        help="The eWallet that rebates are paid into. Its product is booked on a "
        "liability: that is what is owed until the credit is spent.",
    )

    def _check_settlement_setup(self, form):
        result = super()._check_settlement_setup(form)
        if form == "shop_credit":
            for program in self:
                program._check_wallet()
        return result

    def _check_wallet(self):
        """Check that a program can pay into a wallet.

        :raises UserError: says what is missing
        """
        self.ensure_one()
        if not (self.account_id and self.accrual_journal_id and self.wallet_id):
            raise UserError(
                self.env._(
                    "Program %(program)s names no rebate account, no miscellaneous "
                    "journal or no shop credit. Fill them in on its Accounting tab, "
                    "then settle again.",
                    program=self.name,
                )
            )
        account = self._get_wallet_account()
        if self.wallet_id.program_type != "ewallet" or (
            account.account_type != "liability_current"
        ):
            raise UserError(
                self.env._(
                    "%(wallet)s is not booked on a current liability, so that the "
                    "ledger would not say what is owed. Set the income account of its "
                    "discount product to one.",
                    wallet=self.wallet_id.name,
                )
            )

    def _get_wallet_account(self):
        """Return the account that the wallet's product books on."""
        # Finance settles; whether it may see the shop's products is not asked.
        wallet = self.wallet_id.sudo().with_company(self.company_id)
        product = wallet.payment_program_discount_product_id
        return product.product_tmpl_id.get_product_accounts()["income"]


class DistributorRebateStatement(models.Model):
    """Settlement into the wallet of a distributor: an entry that moves the rebate to
    what the shop owes, and as much credit."""

    _inherit = "distributor.rebate.statement"

    has_shop_credit = fields.Boolean(compute="_compute_has_shop_credit")

    @api.depends("settlement_ids.is_standing", "settlement_ids.card_id")
    def _compute_has_shop_credit(self):
        for statement in self:
            # That there is credit may be known to whoever sees the statement.
            standing = statement.sudo()._get_standing()
            statement.has_shop_credit = bool(standing.card_id)

    def _get_form(self):
        form = super()._get_form()
        # Credit is given; what the distributor pays back is invoiced.
        return "credit_note" if form == "shop_credit" and self.settled < 0 else form

    def _settle_shop_credit(self, day, together):
        """Entries on the wallets' liability, and credit on the distributors' cards."""
        groups = [
            statements
            for own in self._group_by_document("shop_credit", together)
            for statements in own.grouped(lambda s: s.program_id.wallet_id).values()
        ]
        lines = self._prepare_lines("shop_credit")
        moves = self.env["account.move"].create(
            [statements._prepare_credit_entry(day, lines) for statements in groups]
        )
        cards = self._get_cards()
        for statements, move in zip(groups, moves, strict=True):
            key = statements.program_id.wallet_id, statements.partner_id
            cards[key]._add_rebate(sum(statements.mapped("settled")), move)
        return [
            (
                statements,
                {
                    "move_id": move.id,
                    "card_id": cards[
                        statements.program_id.wallet_id, statements.partner_id
                    ].id,
                },
            )
            for statements, move in zip(groups, moves, strict=True)
        ]

    def _prepare_credit_entry(self, day, lines) -> dict:
        """Return the entry that moves rebates to what the shop owes."""
        program, total = self.program_id[:1], sum(self.mapped("settled"))
        common = {"partner_id": self.partner_id.id, "tax_ids": [Command.clear()]}
        items = [
            {
                "name": line["name"],
                "account_id": line["account_id"],
                "balance": line["amount"],
                "analytic_distribution": line["analytic"],
            }
            for statement in self
            for line in lines[statement]
        ]
        items.append(
            {
                "name": program.wallet_id.sudo().name,
                "account_id": program._get_wallet_account().id,
                "balance": -total,
            }
        )
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": program.accrual_journal_id.id,
            "partner_id": self.partner_id.id,
            "date": day,
            "ref": ", ".join(f"{s.program_id.name} {s.period}" for s in self),
            "is_distributor_rebate": True,
            "line_ids": [Command.create({**item, **common}) for item in items],
        }

    def _get_cards(self) -> dict:
        """Return the card of each wallet and distributor, made when missing."""
        wallets, partners = self.program_id.wallet_id, self.partner_id
        # Finance settles; cards are the shop's.
        Card = self.env["loyalty.card"].sudo()
        found = Card.search(
            [
                ("program_id", "in", wallets.ids),
                ("partner_id", "in", partners.ids),
                ("expiration_date", "=", False),
            ],
            order="id desc",
        )
        cards = {(card.program_id, card.partner_id): card for card in found}
        wanted = {(s.program_id.wallet_id, s.partner_id) for s in self}
        missing = sorted(wanted - cards.keys(), key=lambda key: (key[0].id, key[1].id))
        created = Card.create(
            [
                {"program_id": wallet.id, "partner_id": partner.id, "points": 0}
                for wallet, partner in missing
            ]
        )
        return cards | dict(zip(missing, created, strict=True))

    def action_take_back_credit(self):
        """Take shop credit back that was not spent, and reverse its entry: the
        statements can then be settled again."""
        self._check_settler()
        self._lock_for_settlement()
        # The right to settle was checked; cards and settlements are closed to users.
        standing = self.sudo()._get_standing().filtered("card_id")
        moves = standing.move_id
        settlements = moves.rebate_settlement_ids.filtered("is_standing")
        if not settlements:
            raise UserError(self.env._("No shop credit stands for these statements."))
        today = fields.Date.context_today(self)
        for company, own in moves.grouped("company_id").items():
            company._check_rebate_date(today, own.journal_id)
        for card, own in settlements.grouped("card_id").items():
            for move, part in own.grouped("move_id").items():
                card._take_rebate_back(sum(part.mapped("amount")), move)
        settlements.is_taken_back = True
        reversals = [{"date": today, "ref": move.ref} for move in moves]
        return moves._reverse_moves(reversals, cancel=True)._get_records_action()


class DistributorRebateSettlement(models.Model):
    _inherit = "distributor.rebate.settlement"

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Shop Credit",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    is_taken_back = fields.Boolean(readonly=True)

    def _get_progress(self):
        progress = super()._get_progress()
        # Credit is money in the distributor's hand.
        return "paid" if progress and self.card_id else progress


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _add_rebate(self, amount, move):
        """Add an amount, with its trace in the card's history."""
        self._change_by_rebate(amount, move, {"issued": amount})

    def _take_rebate_back(self, amount, move):
        """Take an amount back.

        :raises UserError: it was spent
        """
        self._lock_for_rebate()
        if self.currency_id.compare_amounts(self.points, amount) < 0:
            raise UserError(
                self.env._(
                    "%(partner)s has spent the credit: %(left)s is left of it. Invoice "
                    "what is owed instead.",
                    partner=self.partner_id.name,
                    left=self.currency_id.format(self.points),
                )
            )
        self._change_by_rebate(-amount, move, {"used": amount})

    def _change_by_rebate(self, amount, move, trace):
        self._lock_for_rebate()
        self.points = self.currency_id.round(self.points + amount)
        self.env["loyalty.history"].create(
            {
                "card_id": self.id,
                "description": self.env._("Rebate: %s", move.ref),
                "order_model": "account.move",
                "order_id": move.id,
                **trace,
            }
        )

    def _lock_for_rebate(self):
        """Let nobody spend or add while the balance changes."""
        lock_or_refuse(self)
        self.invalidate_recordset(["points"])


class AccountMove(models.Model):
    _inherit = "account.move"

    def _check_draftable(self):
        # EXTENDS account
        self._check_no_shop_credit()
        return super()._check_draftable()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        # EXTENDS account
        self._check_no_shop_credit()
        return super()._reverse_moves(default_values_list, cancel)

    def _check_no_shop_credit(self):
        """Refuse to undo an entry while the credit that it gave is still there.

        :raises UserError: says what to do
        """
        rebates = self.filtered("is_distributor_rebate")
        # What a card holds does not depend on who undoes the entry.
        given = rebates.sudo().rebate_settlement_ids.filtered(
            lambda s: s.card_id and s.is_standing and not s.is_taken_back
        )
        if given:
            raise UserError(
                self.env._(
                    "This entry gave shop credit. Take the credit back on the rebate "
                    "statement: the entry is reversed with it."
                )
            )
