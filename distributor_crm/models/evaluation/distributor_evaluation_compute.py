# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain

from ...evaluation import figures
from ...evaluation.score import band, evaluate
from .distributor_evaluation_kpi import exact
from .distributor_evaluation_line import write_changed

CHUNK = 500
OPEN = ("draft", "judged")


class DistributorEvaluation(models.Model):
    """The batch: measure everybody, give points, rank (R151)."""

    _inherit = "distributor.evaluation"

    @api.model
    def _cron_evaluate(self):
        """Scheduled: compute the last complete period of every published template.

        Each chunk is kept; broken off, the next run goes on with who is missing today.
        """
        today = fields.Date.context_today(self)
        commit = self.env["ir.cron"]._commit_progress
        for template, period in self.env["distributor.evaluation.template"]._get_due(
            today
        ):
            self._compute_period(template, period, commit=commit, today=today)
        self._close_answered(today)

    @api.model
    def _compute_period(self, template, period, commit=None, today=None) -> int:
        """Compute the evaluations of a period: new ones, and those still open.

        Running it twice changes nothing that has not changed meanwhile; what waits for
        approval or is published stays. The memory it takes does not depend on how many
        distributors there are.

        :param commit: called after each chunk with the number of evaluations
        :param today: those computed on this day already are left out; None for all
        :return: how many were computed
        """
        # The figures are everybody's, whoever starts the run.
        own = self.sudo().with_company(template.company_id)
        own = own.with_context(tracking_disable=True, mail_notrack=True)
        partners = self.env["res.partner"].sudo()
        fixed = Domain("template_id", "=", template.id) & Domain(
            "date_from", "=", period.start
        )
        done = ~Domain("state", "in", OPEN)
        if today:
            done |= Domain("computed_on", "=", today)
        left_out = own._search(fixed & done).subselect("partner_id")
        domain = template._get_partner_domain() & Domain("id", "not in", left_out)
        count, last = 0, 0
        while chunk := partners.search(
            domain & Domain("id", ">", last), limit=CHUNK, order="id"
        ):
            last = chunk[-1].id
            own._compute_chunk(template, period, chunk)
            count += len(chunk)
            self.env.flush_all()
            self.env.invalidate_all()
            if commit:
                commit(len(chunk))
        own._rank(template, period.start)
        return count

    def _compute_chunk(self, template, period, partners):
        """Measure some distributors, each source once, and write what changed."""
        company = template.company_id
        Measure = self.env["distributor.evaluation.measure"]
        kpis = template.kpi_ids
        found = {
            source: Measure._measure(source, company, partners, period)
            for source in set(kpis.mapped("source")) - {"judged"}
        }
        known = self.search(
            [
                ("template_id", "=", template.id),
                ("date_from", "=", period.start),
                ("partner_id", "in", partners.ids),
            ]
        ).grouped("partner_id")
        new = partners.filtered(lambda partner: partner not in known)
        created = self.create(
            [
                {
                    "template_id": template.id,
                    "partner_id": partner.id,
                    "date_from": period.start,
                    "date_to": period.end,
                    "period": period.label,
                }
                for partner in new
            ]
        )
        self.env["distributor.evaluation.line"].create(
            [
                {"evaluation_id": evaluation.id, "kpi_id": kpi.id}
                for evaluation in created
                for kpi in kpis
            ]
        )
        evaluations = created.union(*known.values())
        for line in evaluations.line_ids:
            figure = found.get(line.kpi_id.source, {}).get(line.partner_id.id)
            line._set_figure(figure)
        evaluations._rescore(rank=False)
        evaluations.computed_on = fields.Date.context_today(self)

    def _rescore(self, rank=True):
        """Work out the points of the lines, the score and the band anew."""
        for template, evaluations in self.grouped("template_id").items():
            kpis = [kpi._as_kpi() for kpi in template.kpi_ids]
            floors = {band.id: exact(band.floor) for band in template.band_ids}
            for evaluation in evaluations:
                lines = evaluation.line_ids
                result = evaluate(
                    kpis, {line.kpi_id.id: line._get_figure() for line in lines}
                )
                for line in lines:
                    line._set_result(result.lines[line.kpi_id.id])
                write_changed(
                    evaluation,
                    total=float(result.total or 0),
                    is_scored=result.total is not None,
                    band_id=band(result.total, floors) or False,
                    unknown_count=sum(
                        line._get_figure() is None and line.source != "judged"
                        for line in lines
                    ),
                )
        if rank:
            for (template, first), _own in self.grouped(
                lambda e: (e.template_id, e.date_from)
            ).items():
                self._rank(template, first)

    def _rank(self, template, first):
        """Rank a period anew in one statement."""
        self.env.flush_all()
        self.env.cr.execute(figures.rank(template.id, first))
        self.invalidate_model(["rank", "rank_count"])
