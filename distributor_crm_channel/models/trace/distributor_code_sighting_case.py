# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime

from odoo.addons.distributor_crm.guard import lock_or_refuse

POLICY = "diversion"


class DistributorCodeSighting(models.Model):
    """One box elsewhere proves nothing: from how many on a case is proposed, and how a
    person opens it (R145)."""

    _inherit = "distributor.code.sighting"

    def _propose(self):
        """Propose cases against distributors of whom enough codes were seen outside."""
        suspected = self.filtered(lambda s: s.state == "suspected")
        for company, group in suspected.grouped("company_id").items():
            for partner in group._find_conspicuous(company):
                partner_codes = self.sudo().search(
                    [
                        ("company_id", "=", company.id),
                        ("source_partner_id", "=", partner.id),
                        ("state", "=", "suspected"),
                    ]
                )
                is_known = any(partner_codes.mapped("is_proposed"))
                partner_codes._set(is_proposed=True)
                if not is_known:
                    partner_codes[:1]._ask_for_case()

    def _find_conspicuous(self, company):
        """Return the distributors of whom count and share are above the bounds."""
        self.env.flush_all()
        since = fields.Datetime.now() - timedelta(days=company.diversion_days)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT source_partner_id
                  FROM distributor_code_sighting
                 WHERE company_id = %(company)s AND source_partner_id = ANY(%(partners)s)
                   AND seen_at >= %(since)s AND state <> 'dismissed'
                 GROUP BY 1
                HAVING COUNT(DISTINCT code) FILTER (WHERE verdict = 'outside')
                           >= %(codes)s
                   AND 100.0 * COUNT(DISTINCT code) FILTER (WHERE verdict = 'outside')
                           >= %(share)s * COUNT(DISTINCT code)
                """,
                company=company.id,
                partners=self.source_partner_id.ids,
                since=since,
                codes=company.diversion_min_codes,
                share=company.diversion_min_share,
            )
        )
        return self.env["res.partner"].browse([row[0] for row in rows])

    def _ask_for_case(self):
        """Ask the manager of the territory, or of the distributor, to look at it."""
        partner = self.source_partner_id
        user = self.territory_id.user_id or partner.account_manager_id
        if user:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Goods outside the territory: open a case?"),
                note=self.env._(
                    "Several codes that were delivered to %s were seen elsewhere.",
                    partner.name,
                ),
                user_id=user.id,
            )

    def action_open_case(self):
        """Open a case against the distributor, with all suspected codes of his.

        :raises UserError: they are of several distributors, or of none
        """
        self._check_judge()
        first = self[:1]
        if len(self.source_partner_id) != 1 or len(self.company_id) != 1:
            raise UserError(
                self.env._("Choose codes that were delivered to one distributor.")
            )
        lock_or_refuse(self.sudo(), allow_referencing=True)  # rights are checked above
        self.invalidate_recordset(["state"])
        self._check_state("suspected")
        # All that point at him, whoever saw them.
        codes = self.sudo().search(
            [
                ("company_id", "=", first.company_id.id),
                ("source_partner_id", "=", first.source_partner_id.id),
                ("state", "=", "suspected"),
            ],
            order="seen_at, id",
        )
        cases = codes._open_cases()
        codes.activity_unlink(["mail.mail_activity_data_todo"])
        return cases.with_env(self.env)._get_records_action(name=self.env._("Case"))

    def _open_cases(self):
        """Open one case for all of these, or join the one that is open.

        :return: the cases that they are in
        """
        [case] = self.env["distributor.violation"]._report([self._prepare_report()])
        self._set(state="case", violation_id=case.id)
        return case

    def _prepare_report(self):
        """Return the report of a case: the facts with the whole trail."""
        first = self[0]
        lots = self.lot_id
        return {
            "policy": POLICY,
            "partner_id": first.source_partner_id.id,
            "company_id": first.company_id.id,
            "occurred_at": first.seen_at,
            "source": first,
            "facts": self._get_facts(),
            "severity": len(set(self.mapped("code"))),
            "product_id": len(self.product_id) == 1 and self.product_id.id,
            "lot_id": len(lots) == 1 and lots.id,
            "evidence_ids": self.evidence_ids.ids,
            "key": f"territory/{first.company_id.id}",
        }

    def _get_facts(self):
        return "\n\n".join(sighting._describe_facts() for sighting in self)

    def _describe_facts(self):
        place = ", ".join(
            filter(
                None,
                (self.shop, self.city, self.state_id.name, self.country_id.name),
            )
        )
        return self.env._(
            "%(code)s (%(product)s) was seen on %(time)s at %(place)s, which is "
            "%(territory)s. Authorized for: %(homes)s.\n%(trail)s",
            code=self.code,
            product=self.product_id.display_name,
            time=format_datetime(self.env, self.seen_at),
            place=place,
            territory=self.territory_id.name or self.env._("in no territory"),
            homes=", ".join(self.home_ids.mapped("name")) or self.env._("nothing"),
            trail=self.trail_text,
        )

    def action_dismiss(self):
        """Dismiss suspicions, for the reason that was entered.

        :raises UserError: one has none
        """
        self._check_judge()
        self._check_state("suspected")
        if any(not (sighting.dismissal or "").strip() for sighting in self):
            raise UserError(self.env._("Say why it is dismissed."))
        self._set(state="dismissed", is_proposed=False)
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_reopen(self):
        """Suspect again what was dismissed."""
        self._check_judge()
        self._check_state("dismissed")
        self._set(state="noted")
        self._trace()
        return True

    def _check_judge(self):
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_account_manager"):
            raise AccessError(self.env._("Account managers decide on suspicions."))
