# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager

from odoo import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

ROLES = (
    "sales_rep",
    "account_manager",
    "sales_manager",
    "channel_admin",
    "finance",
)


def new_test_users(env, groups, partners=(), **values):
    """Make what new_test_user makes, several at once, which takes a third of the time.

    `groups` is {login: groups with commas between}; `partners`, if given, is one for
    each; the users come in the order of the logins."""
    vals_list = [
        {
            "name": f"{login} ({group})",
            "login": login,
            "password": login.ljust(8, "x"),
            "email": f"{login[0]}.{login[0]}@example.com",
            "group_ids": [Command.link(env.ref(name).id) for name in group.split(",")],
            **values,
        }
        for login, group in groups.items()
    ]
    for vals, partner in zip(vals_list, partners, strict=False):
        vals["partner_id"] = partner.id
    return env["res.users"].create(vals_list)


class UsersCommon:
    """Users of one company, by role; mixed into the test cases of all three addons."""

    @contextmanager
    def _refused(self, exception, text):
        """What runs inside raises with this text, and is undone as a request is."""
        with self.assertRaisesRegex(exception, text), self.env.cr.savepoint():
            yield

    @classmethod
    def _new_users(cls, groups):
        return new_test_users(
            cls.env,
            groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _new_roles(cls, prefix, roles):
        """A user of each role, logged in as prefix_role; each an attribute of its name."""
        users = cls._new_users(
            {f"{prefix}_{role}": f"distributor_crm.group_{role}" for role in roles}
        )
        for role, user in zip(roles, users, strict=True):
            setattr(cls, role, user)

    @classmethod
    def _new_user(cls, login, groups):
        return cls._new_users({login: groups})


class CompanyCommon(AccountTestInvoicingCommon):
    """A company with a chart of accounts, which many test cases share."""

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """The company that ./run test has prepared, where it has; else a new one."""
        company = cls.env.ref("__test__.company", raise_if_not_found=False)
        if not company or kwargs or cls.chart_template or cls.country_code:
            return super().setup_independent_company(**kwargs)
        cls.env.user.company_ids = [Command.link(company.id)]
        return company


class DistributorCommon(UsersCommon, CompanyCommon):
    """A company with a chart of accounts, a user of each role, two distributors."""

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        for role in ("channel_admin", "finance"):
            groups |= cls.env.ref(f"distributor_crm.group_{role}")
        return groups

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls._new_roles("distributor", ROLES)
        cls.north, cls.south = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "is_distributor": True,
                    "user_id": cls.sales_rep.id,
                    "account_manager_id": cls.account_manager.id,
                }
                for name in ("North Trading", "South Trading")
            ]
        )
        cls.rebate_account = cls.company_data["default_account_expense"]

    @classmethod
    def _sell(cls, partner, amount, day="2024-03-15", product=None, **values):
        """Post an invoice of one line without tax, a credit note when negative."""
        kind = "out_invoice" if amount >= 0 else "out_refund"
        move = cls.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": partner.id,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goods",
                            "product_id": product and product.id,
                            "price_unit": abs(amount),
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _create_program(cls, *steps, start=True, **values):
        """A program over 2024 with tiers given as (threshold, rate)."""
        program = cls.env["distributor.rebate.program"].create(
            {
                "name": "Volume 2024",
                "date_from": "2024-01-01",
                "date_to": "2024-12-31",
                "account_id": cls.rebate_account.id,
                "tier_ids": [
                    Command.create({"threshold": threshold, "rate": rate})
                    for threshold, rate in steps or [(1000, 1), (2000, 2)]
                ],
                **values,
            }
        )
        if start:
            program.action_start()
        return program
