# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain


class DistributorRebateProgram(models.Model):
    """Several programs on one sale: their order, and what one takes from the next."""

    _inherit = "distributor.rebate.program"

    stacking = fields.Selection(
        selection=[
            ("parallel", "The full sale"),
            ("cascade", "What remains after earlier programs"),
            ("settled", "What remains after settled rebates"),
        ],
        string="Looks At",
        default="parallel",
        required=True,
        tracking=True,
        help="Where several programs look at one sale, they come in the order of "
        "their sequence. Later ones may look at what earlier ones leave.",
    )
    is_deductible = fields.Boolean(
        string="Lowers Later Programs",
        compute="_compute_is_deductible",
        store=True,
        readonly=False,
        precompute=True,
        help="Later programs that look at what remains take this rebate off.",
    )
    is_exclusive = fields.Boolean(
        string="Exclusive",
        help="A sale that earns here earns nothing in later programs.",
    )
    stacking_note = fields.Text(
        string="With Other Programs", compute="_compute_stacking_note"
    )

    _needs_evidence = models.Constraint(
        "CHECK(keep_evidence OR NOT (is_deductible OR is_exclusive))",
        "Later programs see a sale's rebate by its evidence. Keep the evidence, or let "
        "this program neither lower nor exclude later ones.",
    )

    @api.depends("keep_evidence")
    def _compute_is_deductible(self):
        for program in self:
            program.is_deductible = program.keep_evidence

    @api.depends("sequence", "stacking", "is_exclusive", "company_id", "state")
    def _compute_stacking_note(self):
        for program in self:
            earlier, exclusive = program._get_cascade(), program._get_exclusive()
            notes = []
            if program.stacking == "settled" and earlier:
                notes.append(
                    self.env._(
                        "Looks at what remains after the settled rebates of %s.",
                        ", ".join(earlier.mapped("name")),
                    )
                )
            elif earlier:
                notes.append(
                    self.env._(
                        "Looks at what remains after the rebates of %s.",
                        ", ".join(earlier.mapped("name")),
                    )
                )
            if exclusive:
                notes.append(
                    self.env._(
                        "Sales that earn in %s do not count.",
                        ", ".join(exclusive.mapped("name")),
                    )
                )
            if program.is_exclusive:
                notes.append(
                    self.env._("Sales that earn here earn nothing in later programs.")
                )
            program.stacking_note = "\n".join(notes) or False

    def _get_earlier(self, domain):
        """Return the programs that come before this one and may share sales with it.

        Claims are no sales: programs that they feed share nothing.
        """
        self.ensure_one()
        if self.measure == "claim":
            return self.browse()
        own = self.origin_id.id or self.id or self._origin.id
        before = Domain("sequence", "<", self.sequence)
        before |= Domain("sequence", "=", self.sequence) & Domain("id", "<", own or 0)
        return self.search(
            Domain.AND(
                [
                    before,
                    domain,
                    [
                        ("id", "!=", own),
                        ("origin_id", "=", False),
                        ("state", "!=", "draft"),
                        ("measure", "!=", "claim"),
                        ("company_id", "=", self.company_id.id),
                        ("date_from", "<=", self.date_to),
                        ("date_to", ">=", self.date_from),
                    ],
                ]
            ),
            order="sequence, id",
        )

    def _get_cascade(self):
        """Return the programs whose rebates are taken off before this one looks."""
        if self.stacking == "parallel":
            return self.browse()
        return self._get_earlier(
            Domain("is_deductible", "=", True) & Domain("reward", "!=", "goods")
        )

    def _get_exclusive(self):
        """Return the programs that keep the sales that earn there."""
        return self._get_earlier(Domain("is_exclusive", "=", True))

    def _in_order(self):
        """Return the programs in the order in which they look at a sale."""
        return self.sorted(lambda program: (program.sequence, program.id))
