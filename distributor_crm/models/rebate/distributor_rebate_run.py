# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import SQL, float_repr

from ...rebate import arithmetic, ledger

RUNNERS = "distributor_crm.group_sales_manager,distributor_crm.group_finance"


class DistributorRebateProgram(models.Model):
    """The computation of a program: the ledger in, statements out."""

    _inherit = "distributor.rebate.program"

    def action_compute(self):
        """Bring the open statements of running programs up to date.

        Running twice changes nothing; what was submitted or approved stands.
        """
        self.check_access("read")
        if not self.env.user.has_groups(RUNNERS):
            raise AccessError(
                self.env._("Only sales managers and finance compute rebates.")
            )
        idle = self.filtered(lambda program: program.state != "running")
        if idle:
            raise UserError(
                self.env._(
                    "%(programs)s is not running. Start the program, then compute.",
                    programs=", ".join(idle.mapped("name")),
                )
            )
        self._lock_for_run()
        self.env.flush_all()
        for program in self:
            # Statements are the engine's alone: users hold no right to create
            # them, and the result must not depend on what the one who starts the
            # run may see. A run is not an event of each statement: no chatter.
            program.sudo().with_context(tracking_disable=True)._compute_statements()
        return self._notify_computed()

    def _lock_for_run(self):
        """Keep out other runs, and approvals of the statements that may change.

        :raises UserError: somebody else is at work
        """
        # Whoever may compute locks all statements, those he does not see too.
        statements = self.env["distributor.rebate.statement"].sudo()
        try:
            self.lock_for_update(allow_referencing=True)
            statements.search(
                [("program_id", "in", self.ids), ("approval_state", "=", "draft")]
            ).lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Someone else is computing or approving one of these programs "
                    "right now. Try again in a moment."
                )
            ) from error

    def _notify_computed(self):
        """Return the client action that tells the outcome and shows it."""
        Statement = self.env["distributor.rebate.statement"]
        mine = [("program_id", "in", self.ids)]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Computed: %(earning)s of %(statements)s statements earn a rebate.",
                    earning=Statement.search_count([*mine, ("earned", "!=", 0)]),
                    statements=Statement.search_count(mine),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _compute_statements(self):
        """Aggregate, decide, write: the whole run of one program."""
        self.ensure_one()
        spans = self._get_periods()
        scope = (self.company_id.id, spans, *self._get_scope_sql())
        rows = self.env.execute_query(ledger.aggregate(*scope)) if spans else []
        self._write_statements(spans, self._evaluate(rows))
        if spans:
            self._refresh_evidence(scope)
        self.computed_at = fields.Datetime.now()

    def _get_scope_sql(self) -> tuple[SQL, SQL]:
        """Return the sub-select of distributors and the condition on the product."""
        Partner = self.env["res.partner"].with_context(active_test=False)
        partners = Partner._search(self._get_partner_domain()).subselect()
        domain = self._get_product_domain()
        if domain.is_true():
            return partners, SQL("TRUE")
        Product = self.env["product.product"].with_context(active_test=False)
        chosen = Product._search(domain).subselect()
        if self.product_ids or self.product_categ_ids:
            return partners, SQL("line.product_id IN %s", chosen)
        # Lines without a product count as long as only exclusions are named.
        return partners, SQL(
            "(line.product_id IS NULL OR line.product_id IN %s)", chosen
        )

    def _evaluate(self, rows) -> dict[tuple[int, int], dict]:
        """Return the figures of a statement per position of period and distributor."""
        tiers = self.tier_ids.sorted("threshold")
        steps = tiers._as_tuples()
        unit = Decimal(float_repr(self.currency_id.rounding, 6))
        figures = {}
        for number, partner_id, amount, line_count in rows:
            basis = Decimal(amount)
            result = arithmetic.entitlement(self.method, steps, basis, unit=unit)
            reached = tiers[result.reached] if result.reached >= 0 else tiers.browse()
            figures[number, partner_id] = {
                "basis": float(basis),
                "earned": float(result.earned),
                "missing": float(result.missing),
                "tier_id": reached.id,
                "line_count": line_count,
            }
        return figures

    def _write_statements(self, spans, figures):
        """Create, change and drop open statements so that they say `figures`."""
        Statement = self.env["distributor.rebate.statement"]
        existing = Statement.search([("program_id", "=", self.id)])
        position = {span.start: number for number, span in enumerate(spans)}
        stale = Statement
        for statement in existing:
            key = position.get(statement.date_from), statement.partner_id.id
            values = figures.pop(key, None)
            if statement.approval_state != "draft":
                continue
            if values is None:
                stale += statement
            else:
                statement._update_figures(values)
        stale.unlink()
        Statement.create(
            [
                {
                    "program_id": self.id,
                    "partner_id": partner_id,
                    "date_from": spans[number].start,
                    "date_to": spans[number].end,
                    "period": spans[number].label,
                    **values,
                }
                for (number, partner_id), values in figures.items()
            ]
        )

    def _refresh_evidence(self, scope):
        """Make the evidence of open statements equal to what was added up."""
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(ledger.drop_stale_evidence(self.id, *scope))
        cr.execute(ledger.add_evidence(self.id, *scope))
        self.env["distributor.rebate.line"].invalidate_model()
        self.statement_ids.invalidate_recordset(["line_ids"])
