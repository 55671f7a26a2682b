# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """What keeps a distributor from selling, ordering, or being paid."""

    _inherit = "res.partner"

    def _get_distributor_holds(self, purpose=None, company=None):
        """Hook: return why these distributors are held.

        Contacts are held with their company. Asked for before an order is confirmed, a
        store page is shown, an application approved, a rebate settled, earnings
        released and withdrawn, or fees paid out; it takes one query at most.

        :param purpose: "order" | "store" | "application" | "rebate" | "earning"; None
            for whatever it is
        :param company: which company holds them; the current one where left out
        :return: {partner: [reason, ...]} of those that are held alone
        """
        return {}

    def _check_distributor_holds(self, purpose, company=None):
        """Refuse what held distributors may not do.

        :param purpose: as for `_get_distributor_holds`
        :raises UserError: names them and why
        """
        holds = self._get_distributor_holds(purpose, company)
        if not holds:
            return
        raise UserError(
            self.env._(
                "This is not possible now: %s. A sales manager sees the case, and lifts "
                "it where it is wrong.",
                "; ".join(
                    f"{partner.display_name}: {', '.join(reasons)}"
                    for partner, reasons in holds.items()
                ),
            )
        )
