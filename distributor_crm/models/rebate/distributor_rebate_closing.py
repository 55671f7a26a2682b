# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, float_repr

# What the checksum covers, besides the evidence.
SEALED = (
    "basis",
    "quantity",
    "window_basis",
    "collected",
    "measure",
    "baseline",
    "earned",
    "earned_quantity",
    "released",
    "settled_before",
    "true_up",
    "adjustment",
    "due",
    "due_quantity",
    "settled",
)


class DistributorRebateStatement(models.Model):
    """A statement that is submitted is closed: its figures and its evidence stand."""

    _inherit = "distributor.rebate.statement"

    def _lock_decision(self):
        """Keep runs out while statements are decided on, on fresh figures.

        :raises UserError: somebody else is at work
        """
        # Decisions share this lock with each other; a run wants it alone.
        locked = self.env.execute_query(
            SQL(
                "SELECT id FROM distributor_rebate_program WHERE id IN %s "
                "FOR SHARE SKIP LOCKED",
                tuple(self.program_id.ids) or (0,),
            )
        )
        if len(locked) < len(self.program_id):
            raise UserError(
                self.env._(
                    "One of these programs is being computed right now. Try again in a "
                    "moment."
                )
            )

    def _check_closable(self):
        """Check that statements are closed in their order, and not too early.

        :raises UserError: says which, and what to do
        """
        today = fields.Date.context_today(self)
        early = self.filtered(
            lambda s: (
                s.program_id.grace_days
                and s.date_to + timedelta(days=s.program_id.grace_days) >= today
            )
        )
        if early:
            raise UserError(
                self.env._(
                    "The days of grace are not over for %(statements)s: payments may "
                    "still count. Submit after %(day)s.",
                    statements=early._describe(),
                    day=max(
                        s.date_to + timedelta(days=s.program_id.grace_days)
                        for s in early
                    ),
                )
            )
        undecided = self.adjustment_ids.filtered(lambda a: a.state == "draft")
        if undecided:
            raise UserError(
                self.env._(
                    "Decide on the adjustments of %(statements)s first: approve or "
                    "refuse them.",
                    statements=undecided.statement_id._describe(),
                )
            )
        skipped = self._get_neighbours("draft", "<") - self
        if skipped:
            raise UserError(
                self.env._(
                    "What was settled before is taken off, so statements are submitted "
                    "in their order. Submit %(statements)s first, or together.",
                    statements=skipped._describe(),
                )
            )

    def _check_last(self):
        """Check that no later statement builds on these.

        :raises UserError: names the later ones
        """
        later = self._get_neighbours("closed", ">") - self
        if later:
            raise UserError(
                self.env._(
                    "Later statements take off what these settle. Take %(statements)s "
                    "back first, or together.",
                    statements=later._describe(),
                )
            )

    def _get_neighbours(self, kind, operator):
        """Return open or closed statements before or after these, of the same
        distributors and programs."""
        if not self:
            return self
        edge = max if operator == "<" else min
        keys = {}
        for s in self:
            pair, place = (s.program_id.id, s.partner_id.id), (s.date_from, s.number)
            keys[pair] = edge(keys.get(pair, place), place)
        decided = Domain("approval_state", "=" if kind == "draft" else "!=", "draft")
        # Who decides on a statement has to know of the others, his or not.
        found = self.sudo().search(
            decided
            & Domain("program_id", "in", self.program_id.ids)
            & Domain("partner_id", "in", self.partner_id.ids)
        )
        ids = [
            s.id
            for s in found
            if (pair := (s.program_id.id, s.partner_id.id)) in keys
            and (
                (s.date_from, s.number) < keys[pair]
                if operator == "<"
                else (s.date_from, s.number) > keys[pair]
            )
        ]
        return self.browse(ids)

    def _close(self):
        """Submit: seal the figures with their evidence."""
        self.flush_recordset()
        now = fields.Datetime.now()
        for statement, checksum in self._get_checksums().items():
            statement.write(
                {
                    "approval_state": "submitted",
                    "closed_at": now,
                    "checksum": checksum,
                    "recomputed": statement.due,
                    "is_outdated": False,
                }
            )
        self.env["distributor.rebate.membership"]._remember(self)

    def _reopen(self):
        """Back to draft: the next run brings the figures up to date."""
        self.write(
            {
                "approval_state": "draft",
                "closed_at": False,
                "checksum": False,
                "recomputed": False,
                "is_outdated": False,
                "partner_state": "open",
            }
        )
        self.env["distributor.rebate.membership"]._forget(self)
        changes = self.env["distributor.rebate.change"]
        changes._note(self.partner_id)

    def _get_checksums(self) -> dict:
        """Return the checksum of each statement's figures and evidence."""
        self.env["distributor.rebate.line"].flush_model()
        evidence = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT statement_id, md5(string_agg(
                           concat_ws('|', move_line_key, move_name, date, product_id,
                                     trim_scale(amount), trim_scale(quantity),
                                     trim_scale(collected), reason),
                           chr(10) ORDER BY move_line_key, date))
                      FROM distributor_rebate_line WHERE statement_id = ANY(%s)
                     GROUP BY 1
                    """,
                    self.ids,
                )
            )
        )
        return {
            statement: statement._seal(evidence.get(statement.id, ""))
            for statement in self
        }

    def _seal(self, evidence) -> str:
        # Not the distributor: two of them may be merged later.
        content = {
            "statement": self.id,
            "program": self.program_id.id,
            "from": str(self.date_from),
            "to": str(self.date_to),
            "evidence": evidence,
            **{name: float_repr(self[name], 6) for name in SEALED},
        }
        text = json.dumps(content, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def action_verify(self):
        """Check that closed statements still say what was sealed."""
        self.check_access("read")
        closed = self.filtered("checksum")
        broken = closed.browse(
            statement.id
            # The seal covers all evidence, whatever part of it one may see.
            for statement, checksum in closed.sudo()._get_checksums().items()
            if checksum != statement.checksum
        )
        if broken:
            raise UserError(
                self.env._(
                    "The figures or the evidence of %(statements)s are not those that "
                    "were approved. Somebody changed them in the database: compare "
                    "with a backup, and tell your administrator.",
                    statements=broken._describe(),
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Figures and evidence are unchanged since they were closed."
                ),
            },
        }

    @api.model
    def _prepare_merge(self, sources, target):
        """Let statements of distributors that become one stand side by side.

        Open ones are computed again; closed ones become supplements of their period.
        """
        mine = self.search([("partner_id", "in", sources.ids)], order="id")
        drafts = mine.filtered(lambda s: s.approval_state == "draft")
        drafts._move_adjustments(target)
        drafts.filtered(lambda s: not s.adjustment_ids).unlink()
        kept = mine.exists()
        if not kept:
            return
        there = self.search(
            [
                ("partner_id", "in", (sources + target).ids),
                ("program_id", "in", kept.program_id.ids),
            ]
        )
        last, taken = {}, set()
        for statement in there:
            key = statement.program_id.id, statement.date_from
            last[key] = max(last.get(key, 0), statement.number)
            if statement.partner_id == target:
                taken.add((key, statement.number))
        for statement in kept:
            key = statement.program_id.id, statement.date_from
            if (key, statement.number) in taken:
                last[key] += 1
                statement.number = last[key]
            taken.add((key, statement.number))
        self.env.flush_all()

    def _move_adjustments(self, target):
        """Hang what was adjusted by hand on the statement that takes their place."""
        places = {}
        others = self.search(
            [
                ("partner_id", "=", target.id),
                ("program_id", "in", self.program_id.ids),
                ("approval_state", "=", "draft"),
            ]
        )
        for statement in others + self.filtered("adjustment_ids"):
            key = statement.program_id.id, statement.date_from
            place = places.setdefault(key, statement)
            if place != statement:
                statement.adjustment_ids.statement_id = place
