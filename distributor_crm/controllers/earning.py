# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager

from .store import StorePortal

# What the list of earnings may be narrowed to.
FILTERS = {
    "all": [],
    "frozen": [("state", "=", "frozen")],
    "released": [("state", "=", "released")],
    "back": [("amount", "<", 0)],
}
# What a page may tell after it was left and opened again.
DONE = ("requested", "cancelled", "account")
MAX_UNVERIFIED = 3


class EarningPortal(StorePortal):
    """A distributor's own earnings and withdrawals, and no one else's (R015, R016).

    Whatever is not his, or is not there, leads home alike: nothing tells which.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "earning_count" in counters:
            values["earning_count"] = self._own("distributor.earning").search_count([])
            if not values["earning_count"]:
                # An owner finds the page before his first sale.
                stores, domain = self._get_own_stores()
                values["earning_count"] = stores.search_count(domain, limit=1)
        return values

    def _get_own_domain(self):
        return [
            ("partner_id", "=", request.env.user.commercial_partner_id.id),
            ("company_id", "=", request.env.company.id),
        ]

    def _own(self, model):
        return OwnRecords(
            # Portal users hold no right on these at all, so that no other
            # distributor's existence leaks: this domain alone decides what is read.
            request.env[model].sudo(),
            self._get_own_domain(),
        )

    def _get_own_withdrawal(self, number):
        """Return one's own withdrawal with full rights; nothing for all others'."""
        if number >= 2**31:
            return request.env["distributor.withdrawal"]
        return self._own("distributor.withdrawal").search([("id", "=", number)])

    def _get_bank_accounts(self):
        """Return one's own bank accounts: those that may be paid to, and all."""
        partner, company = request.env.user.commercial_partner_id, request.env.company
        # One's own, wherever they hang: on the company or on a contact of it.
        accounts = (
            request.env["res.partner.bank"]
            .sudo()
            .search([("partner_id", "child_of", partner.id)])
            .filtered(lambda a: a.partner_id.commercial_partner_id == partner)
        )
        usable = request.env["distributor.withdrawal"]._is_bank_account_usable
        return accounts.filtered(lambda a: usable(partner, a, company)), accounts

    def _prepare_earning_values(self, **values):
        company = request.env.company
        partner = request.env.user.commercial_partner_id
        policy = request.env["distributor.earning.policy"]._get_current(company)
        return {
            **self._prepare_portal_layout_values(),
            "page_name": "earning",
            "figures": partner._get_earning_figures(company)[partner.id],
            "currency": company.currency_id,
            "policy": policy,
            **values,
        }

    # -- earnings --------------------------------------------------------------------

    @http.route(
        ["/my/earnings", "/my/earnings/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_earnings(self, page=1, filterby="all", **kw):
        """What one earned, line by line, the newest first."""
        labels = {
            "all": request.env._("All"),
            "frozen": request.env._("Frozen"),
            "released": request.env._("Released"),
            "back": request.env._("Taken back"),
        }
        filters = {
            name: {"label": label, "domain": FILTERS[name]}
            for name, label in labels.items()
        }
        filterby = filterby if filterby in filters else "all"
        earnings = self._own("distributor.earning")
        step = self._items_per_page
        pages = pager(
            "/my/earnings",
            earnings.search_count(FILTERS[filterby]),
            page=page,
            step=step,
            url_args={"filterby": filterby},
        )
        return request.render(
            "distributor_crm.portal_my_earnings",
            self._prepare_earning_values(
                default_url="/my/earnings",
                searchbar_filters=filters,
                filterby=filterby,
                pager=pages,
                earnings=earnings.search(
                    FILTERS[filterby], limit=step, offset=pages["offset"]
                ),
            ),
        )

    # -- withdrawals -----------------------------------------------------------------

    @http.route(
        ["/my/withdrawals", "/my/withdrawals/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_withdrawals(self, page=1, done=None, **kw):
        """One's withdrawals with their status, the newest first."""
        withdrawals = self._own("distributor.withdrawal")
        step = self._items_per_page
        pages = pager(
            "/my/withdrawals", withdrawals.search_count([]), page=page, step=step
        )
        return request.render(
            "distributor_crm.portal_my_withdrawals",
            self._prepare_earning_values(
                page_name="withdrawal",
                pager=pages,
                done=done if done in DONE else None,
                withdrawals=withdrawals.search([], limit=step, offset=pages["offset"]),
            ),
        )

    @http.route(
        "/my/withdrawals/<int:number>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_withdrawal(self, number, done=None, **kw):
        """One withdrawal: what it draws, what is paid; a stranger's leads home."""
        withdrawal = self._get_own_withdrawal(number)
        if not withdrawal:
            return request.redirect("/my")
        return self._render_withdrawal(withdrawal, done=done if done in DONE else None)

    def _render_withdrawal(self, withdrawal, **values):
        return request.render(
            "distributor_crm.portal_my_withdrawal",
            self._prepare_earning_values(
                page_name="withdrawal", withdrawal=withdrawal, **values
            ),
        )

    @http.route(
        "/my/withdrawals/<int:number>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_withdrawal_cancel(self, number, **kw):
        """The owner takes back a request that nobody approved yet."""
        withdrawal = self._get_own_withdrawal(number)
        if not withdrawal:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                withdrawal._cancel()
        except UserError as error:
            return self._render_withdrawal(withdrawal, error=str(error))
        return request.redirect("/my/withdrawals?done=cancelled")

    @http.route(
        "/my/withdrawals/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_withdrawal_new(self, amount=None, account=None, done=None, **kw):
        """Ask for a withdrawal; what cannot be says so on the same page."""
        values = {"done": done if done in DONE else None}
        if request.httprequest.method == "POST":
            try:
                with request.env.cr.savepoint():
                    made = self._request_withdrawal(amount, account)
            except UserError as error:
                values["error"] = str(error)
            else:
                return request.redirect(f"/my/withdrawals/{made.id}?done=requested")
        return self._render_form(typed=amount, chosen=account, **values)

    def _request_withdrawal(self, amount, account):
        accounts, _all = self._get_bank_accounts()
        # A number that is not among one's own is as good as none.
        chosen = accounts.filtered(lambda a: str(a.id) == account)
        return request.env["distributor.withdrawal"]._request(
            request.env.company,
            request.env.user.commercial_partner_id,
            chosen,
            (amount or "")[:30],
        )

    def _render_form(self, **values):
        usable, accounts = self._get_bank_accounts()
        return request.render(
            "distributor_crm.portal_withdrawal_new",
            self._prepare_earning_values(
                page_name="withdrawal",
                accounts=usable,
                unverified=accounts - usable,
                **values,
            ),
        )

    @http.route(
        "/my/withdrawals/account",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_bank_account(self, acc_number="", bank_name="", **kw):
        """Name a bank account of one's own; finance verifies it before it is used."""
        try:
            with request.env.cr.savepoint():
                self._add_bank_account(acc_number, bank_name)
        except UserError as error:
            return self._render_form(error=str(error))
        return request.redirect("/my/withdrawals/new?done=account")

    def _add_bank_account(self, acc_number, bank_name):
        partner = request.env.user.commercial_partner_id
        usable, accounts = self._get_bank_accounts()
        number = " ".join((acc_number or "").split())
        plain = number.replace(" ", "").replace("-", "")
        if not (plain.isascii() and plain.isalnum() and 6 <= len(plain) <= 34):
            raise UserError(
                request.env._("Enter the account number: 6 to 34 letters and digits.")
            )
        if len(accounts - usable) >= MAX_UNVERIFIED:
            raise UserError(
                request.env._(
                    "Several accounts wait to be verified already. Ask your account "
                    "manager."
                )
            )
        # His own account; whether it may be paid to is finance's to say.
        BankAccount = request.env["res.partner.bank"].sudo()
        if BankAccount.with_context(active_test=False).search_count(
            [
                ("partner_id", "child_of", partner.id),
                ("sanitized_acc_number", "=", plain.upper()),
            ],
            limit=1,
        ):
            raise UserError(request.env._("This account is known already."))
        made = BankAccount.create(
            {
                "partner_id": partner.id,
                "acc_number": number,
                "acc_holder_name": partner.name,
                "allow_out_payment": False,
            }
        )
        bank = bank_name.strip()[:100] or "?"
        note = request.env._(
            "Named on the portal, bank: %s. Verify it before it is paid to.", bank
        )
        made._message_log(body=note)


class OwnRecords:
    """Searches among one's own records alone."""

    def __init__(self, records, domain):
        self._records, self._domain = records, domain

    def search(self, domain, **options):
        return self._records.search([*self._domain, *domain], **options)

    def search_count(self, domain):
        return self._records.search_count([*self._domain, *domain])
