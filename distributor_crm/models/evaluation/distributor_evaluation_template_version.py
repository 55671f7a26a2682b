# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...evaluation.spans import last_complete, span


class DistributorEvaluationTemplate(models.Model):
    """The versions of a template, and whom and which periods they judge."""

    _inherit = "distributor.evaluation.template"

    # -- versions --------------------------------------------------------------------

    def _get_family(self):
        """Return all versions of a template."""
        self.ensure_one()
        first = self.origin_id or self
        # Versions that were archived count too.
        return self.with_context(active_test=False).search(
            ["|", ("id", "=", first.id), ("origin_id", "=", first.id)]
        )

    def action_publish(self):
        """Put a draft into force: from now on it is only read (R150).

        :raises UserError: names what is missing
        """
        self.check_access("write")
        for template in self:
            template._check_draft()
            template._check_publishable()
        # The state is closed to users; who may publish was checked.
        self.sudo().write({"state": "published", "published_by_id": self.env.uid})

    def _check_publishable(self):
        if self.weight_total != 100:
            raise UserError(
                self.env._(
                    "The weights of %(template)s add up to %(total)s. Make it 100.",
                    template=self.display_name,
                    total=self.weight_total,
                )
            )
        if not any(band.floor == 0 for band in self.band_ids):
            raise UserError(
                self.env._(
                    "%s has no band that begins at 0, so that a low score would have "
                    "none. Add one.",
                    self.display_name,
                )
            )
        self.kpi_ids._check_publishable()
        self.date_from = self._get_span(self.date_from).start
        judged = self.env["distributor.evaluation"].search(
            [
                ("template_id", "in", (self._get_family() - self).ids),
                ("date_from", ">=", self.date_from),
            ],
            limit=1,
        )
        if judged:
            raise UserError(
                self.env._(
                    "%(period)s is evaluated by an earlier version already. Let this "
                    "one begin later.",
                    period=judged.period,
                )
            )

    def action_new_version(self):
        """Open a draft that continues this template, to be changed and published."""
        self.ensure_one()
        self.check_access("write")
        family = self._get_family()
        draft = family.filtered(lambda template: template.state == "draft")[:1]
        # The number of the version is closed to users.
        draft = draft or self.sudo().copy(
            {
                "name": self.name,
                "origin_id": (self.origin_id or self).id,
                "version": max(family.mapped("version")) + 1,
                "date_from": span(
                    self.period_type, fields.Date.context_today(self)
                ).start,
            }
        )
        return draft.sudo(False)._get_records_action()

    def action_retire(self):
        """Stop evaluating by this template; what was evaluated stays."""
        self.check_access("write")
        if any(template.state != "published" for template in self):
            raise UserError(self.env._("Only a published template is retired."))
        # The state is closed to users; who may retire was checked.
        self.sudo().state = "retired"

    # -- what it is for --------------------------------------------------------------

    def _get_span(self, day):
        """Return the period of this template that holds a day."""
        return span(self.period_type, day)

    @api.model
    def _get_due(self, today):
        """Return (template, period) of the periods that are over and not judged out."""
        found = []
        for template in self.search([("state", "=", "published")]):
            period = last_complete(template.period_type, today)
            if template._covers(period):
                found.append((template, period))
        return found

    def _covers(self, period) -> bool:
        """Whether this is the version by which a period is judged."""
        self.ensure_one()
        versions = self._get_family().filtered(
            lambda t: t.state == "published" and t.date_from <= period.start
        )
        return self == versions.sorted(lambda t: (t.date_from, t.version))[-1:]

    def _get_partner_domain(self) -> Domain:
        """Return the domain of the distributors whom this template judges."""
        self.ensure_one()
        domain = self.env["distributor.tier.rule"]._get_judged_domain(self.company_id)
        if self.grade_ids:
            domain &= Domain("grade_id", "in", self.grade_ids.ids)
        if self.mode:
            # The agreement may be another person's; whom it judges is no secret here.
            partners = (
                self.env["distributor.agreement"]
                .sudo()
                ._search(
                    [
                        ("company_id", "=", self.company_id.id),
                        ("mode", "=", self.mode),
                        ("amends_id", "=", False),
                        ("is_in_force", "=", True),
                    ]
                )
                .subselect("partner_id")
            )
            domain &= Domain("id", "in", partners)
        return domain

    def action_compute(self):
        """Compute the last complete period of these templates, and open the result.

        :raises UserError: a template that is no version in force for it
        """
        self.env["distributor.evaluation"].check_access("write")
        Evaluation = self.env["distributor.evaluation"]
        today = fields.Date.context_today(self)
        for template in self:
            period = last_complete(template.period_type, today)
            if template.state != "published" or not template._covers(period):
                raise UserError(
                    self.env._(
                        "%(template)s is not the version that judges %(period)s. "
                        "Publish one that begins by %(first)s.",
                        template=template.display_name,
                        period=period.label,
                        first=period.start,
                    )
                )
            Evaluation._compute_period(template, period)
        return self.action_view_evaluations()

    def action_view_evaluations(self):
        """Open the evaluations by these templates."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_evaluation_action"
        )
        context = {"search_default_group_period": 1}
        return {
            **action,
            "domain": [("template_id", "in", self.ids)],
            "context": context,
        }
