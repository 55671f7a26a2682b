# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, format_date

from .distributor_groupbuy import FILED


class DistributorGroupbuy(models.Model):
    """Filing: complete, in time, and once (R036)."""

    _inherit = "distributor.groupbuy"

    def action_file(self):
        """Put group-buys on record; from now on their prices apply.

        :raises UserError: a fact is missing, the goods have left, or it is on record
        """
        self.check_access("write")
        return self._file()

    def _file(self):
        self._lock()
        self._check_state("draft")
        for groupbuy in self:
            policy = self.env["distributor.groupbuy.policy"]._find(groupbuy.company_id)
            groupbuy._check_facts(policy)
            groupbuy._check_in_time()
            groupbuy._check_first()
            groupbuy._set(
                state="filed",
                policy_id=policy.id,
                filed_at=fields.Datetime.now(),
                filed_by_id=self.env.user.partner_id.id,
            )
            # The price follows from the filing, whoever files it.
            groupbuy.order_id.sudo()._apply_groupbuy_price(policy)
        return True

    def _check_facts(self, policy):
        """Refuse what lacks one of the six facts, or does not add up.

        :raises UserError: names all that is missing
        """
        needed = {
            "recipient": (self.recipient or "").strip(),
            "phone": len(self.phone_key or "") >= 6,
            "address": len(self.address_key or "") >= 4,
            "purpose": self.purpose
            and (self.purpose != "other" or (self.purpose_note or "").strip()),
            "planned_on": self.planned_on,
            "use_count": self.use_ids and len(self.use_ids) == self.use_count,
        }
        missing = [
            self._fields[name]._description_string(self.env)
            for name, is_there in needed.items()
            if not is_there
        ]
        if missing:
            raise UserError(
                self.env._(
                    "%(groupbuy)s cannot be filed yet. Complete: %(missing)s.",
                    groupbuy=self.name,
                    missing=", ".join(missing),
                )
            )
        self._check_uses()
        if self.ordered_quantity < policy.min_quantity:
            raise UserError(
                self.env._(
                    "A group-buy starts at %(least)g units; %(order)s has %(ordered)g.",
                    least=policy.min_quantity,
                    order=self.order_id.name,
                    ordered=self.ordered_quantity,
                )
            )

    def _check_uses(self):
        """Refuse uses that do not share out the order, or lie before the planned day."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        if not self.ordered_quantity or float_compare(
            self.planned_quantity, self.ordered_quantity, precision_digits=digits
        ):
            raise UserError(
                self.env._(
                    "The uses share out %(planned)g units, the order has %(ordered)g. "
                    "Both have to be the same.",
                    planned=self.planned_quantity,
                    ordered=self.ordered_quantity,
                )
            )
        for use in self.use_ids:
            if not (use.date and (use.place or "").strip() and use.quantity > 0):
                raise UserError(
                    self.env._("Each use has a day, a place and a quantity.")
                )
        first = min(self.use_ids.mapped("date"))
        if first < fields.Date.context_today(self):
            raise UserError(
                self.env._("A group-buy is filed before its goods are used.")
            )
        if first != self.planned_on:
            raise UserError(
                self.env._(
                    "The first use is on %(first)s, the group-buy is planned on "
                    "%(planned)s. Both have to be the same day.",
                    first=format_date(self.env, first),
                    planned=format_date(self.env, self.planned_on),
                )
            )

    def _check_in_time(self):
        """Refuse what is filed after goods have left.

        :raises UserError: says which shipment it was
        """
        # Who files need not see shipments.
        order = self.order_id.sudo()
        if order.state not in ("draft", "sent", "sale"):
            raise UserError(self.env._("%s is cancelled.", order.name))
        shipped = order._get_groupbuy_shipments()[:1]
        if shipped or any(line.qty_delivered for line in order.order_line):
            raise UserError(
                self.env._(
                    "Goods of %(order)s have left already (%(shipment)s). A group-buy "
                    "is filed before the first shipment.",
                    order=order.name,
                    shipment=shipped.name or order.name,
                )
            )

    def _check_first(self):
        """Refuse a second filing: the first filed counts.

        :raises UserError: to employees it names the first
        """
        # Others' group-buys count, whoever may read them.
        first = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("phone_key", "=", self.phone_key),
                ("address_key", "=", self.address_key),
                ("planned_on", "=", self.planned_on),
                ("state", "in", FILED),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if not first:
            return
        if self.env.user.share:
            raise UserError(
                self.env._(
                    "A group-buy of this recipient, address and day is on record "
                    "already. Ask your account manager."
                )
            )
        raise UserError(
            self.env._(
                "%s is on record for this recipient, address and day already. The first "
                "filed counts.",
                first.name,
            )
        )

    def action_correct(self):
        """Take filings back to draft to correct them; they are filed anew afterwards.

        :raises UserError: the goods have left
        """
        self.check_access("write")
        self._lock()
        self._check_state("filed")
        for groupbuy in self:
            groupbuy._check_in_time()
        self._set(state="draft", filed_at=False, filed_by_id=False)
        return True

    def action_cancel(self):
        """Take filings back before the goods leave; their prices go with them."""
        self.check_access("write")
        return self._cancel()

    def _cancel(self):
        self._lock()
        self._check_state("draft", "filed")
        self._set(state="cancelled")
        # Another may be made for the order right away.
        self.flush_recordset(["state"])
        # The price follows from the filing, whoever takes it back.
        self.order_id.sudo()._drop_groupbuy_price()
        return True

    def _ship(self, moment):
        """The goods have left: what was filed is closed, what was not is too late."""
        filed = self.filtered(lambda one: one.state == "filed")
        filed._set(state="shipped", shipped_at=moment)
        for groupbuy in filed:
            manager = groupbuy.account_manager_id
            if manager:
                groupbuy.sudo().activity_schedule(  # whoever ships
                    "mail.mail_activity_data_todo",
                    date_deadline=groupbuy.planned_on,
                    summary=self.env._("Verify the group-buy on site"),
                    user_id=manager.id,
                )
