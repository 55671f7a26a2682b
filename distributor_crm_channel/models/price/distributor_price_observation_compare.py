# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Cases opened in one go; the rest waits for the next turn.
REPORTED_AT_ONCE = 500
SHARE_DAYS = 30

COMPARE = """
    WITH fresh AS (
        SELECT o.id, o.company_id, o.product_id, o.day, o.channel, o.currency_id,
               o.partner_id, o.marked_price, o.paid_price, o.promotion_id,
               o.tax_included, COALESCE(o.shipping, 0) AS shipping, o.pieces,
               COALESCE(o.country_id, p.country_id, 0) AS country_id,
               COALESCE(o.state_id, CASE WHEN o.country_id IS NULL
                        OR o.country_id = p.country_id THEN p.state_id END, 0)
                   AS state_id,
               COALESCE(p.grade_id, 0) AS grade_id
          FROM distributor_price_observation o
          LEFT JOIN res_partner p ON p.id = o.partner_id
         WHERE o.state = 'new' AND o.company_id = %(company)s
           AND o.product_id IS NOT NULL AND %(which)s
    ),
    wanted AS (
        SELECT v.id AS product_id, v.product_tmpl_id, t.distributor_brand_id AS brand_id,
               c.parent_path
          FROM product_product v
          JOIN product_template t ON t.id = v.product_tmpl_id
          LEFT JOIN product_category c ON c.id = t.categ_id
         WHERE v.id IN (SELECT product_id FROM fresh)
    ),
    -- the rules that concern a product, whatever the day and the channel
    matched AS (
        SELECT w.product_id, r.id AS rule_id
          FROM wanted w
          JOIN distributor_price_rule r ON r.product_id = w.product_id
         WHERE r.scope = 'variant'
         UNION ALL
        SELECT w.product_id, r.id
          FROM wanted w
          JOIN distributor_price_rule r ON r.product_tmpl_id = w.product_tmpl_id
         WHERE r.scope = 'product'
         UNION ALL
        SELECT w.product_id, r.id
          FROM wanted w
         CROSS JOIN LATERAL unnest(string_to_array(
                    trim(trailing '/' from w.parent_path), '/')) AS part
          JOIN distributor_price_rule r ON r.categ_id = part::int
         WHERE r.scope = 'category'
           AND (r.brand_id IS NULL OR r.brand_id = w.brand_id)
         UNION ALL
        SELECT w.product_id, r.id
          FROM wanted w
          JOIN distributor_price_rule r ON r.brand_id = w.brand_id
         WHERE r.scope = 'brand'
         UNION ALL
        SELECT w.product_id, r.id
          FROM wanted w
         CROSS JOIN distributor_price_rule r
         WHERE r.scope = 'all' AND r.active AND r.company_id = %(company)s
    ),
    scoped AS (
        SELECT m.product_id, r.id AS rule_id, r.precedence, r.currency_id,
               r.date_from, r.date_to, r.grade_id, r.channel, r.country_id, r.state_id,
               r.kind, r.floor_price, r.ceiling_price, r.tax_included,
               COALESCE(r.tolerance, 0) AS tolerance
          FROM matched m
          JOIN distributor_price_rule r ON r.id = m.rule_id
         WHERE r.active AND r.company_id = %(company)s
    ),
    -- the last day on which a floor for a product begins
    later AS (
        SELECT product_id, MAX(date_from) AS date_from
          FROM scoped WHERE kind <> 'free' GROUP BY product_id
    ),
    taxes AS (
        SELECT w.product_id, SUM(CASE WHEN tax.amount_type = 'percent'
                                      THEN tax.amount ELSE 0 END) AS percent
          FROM wanted w
          JOIN product_taxes_rel rel ON rel.prod_id = w.product_tmpl_id
          JOIN account_tax tax ON tax.id = rel.tax_id AND tax.active
                              AND tax.company_id = ANY(%(tax_companies)s)
         GROUP BY w.product_id
    ),
    chosen AS (
        SELECT DISTINCT ON (f.id) f.*, s.rule_id, s.currency_id AS rule_currency_id,
               s.kind, s.floor_price, s.ceiling_price, s.tolerance,
               s.tax_included AS rule_tax_included
          FROM fresh f
          JOIN scoped s
            ON s.product_id = f.product_id
           AND f.day >= s.date_from AND (s.date_to IS NULL OR f.day <= s.date_to)
           AND (s.grade_id IS NULL OR s.grade_id = f.grade_id)
           AND (s.country_id IS NULL OR s.country_id = f.country_id)
           AND (s.state_id IS NULL OR s.state_id = f.state_id)
           AND (s.channel = f.channel
                OR s.channel IS NULL AND f.channel <> 'wholesale')
         ORDER BY f.id, s.precedence DESC, s.currency_id <> f.currency_id, s.rule_id
    ),
    pairs AS (
        SELECT DISTINCT currency_id, rule_currency_id, day FROM chosen
         WHERE currency_id <> rule_currency_id
    ),
    -- one row, whatever the planner thinks of the rest: a look-up for each price
    rates AS (
        SELECT jsonb_object_agg(
               q.currency_id || '/' || q.rule_currency_id || '/' || q.day,
               CASE WHEN q.rule_currency_id = %(currency)s
                    THEN COALESCE(target.rate, 1) ELSE target.rate END
               / CASE WHEN q.currency_id = %(currency)s
                      THEN COALESCE(origin.rate, 1) ELSE origin.rate END) AS factors
          FROM pairs q
          LEFT JOIN LATERAL (
               SELECT r.rate FROM res_currency_rate r
                WHERE r.currency_id = q.currency_id AND r.name <= q.day
                  AND (r.company_id = %(root)s OR r.company_id IS NULL)
                ORDER BY r.company_id, r.name DESC LIMIT 1) origin ON TRUE
          LEFT JOIN LATERAL (
               SELECT r.rate FROM res_currency_rate r
                WHERE r.currency_id = q.rule_currency_id AND r.name <= q.day
                  AND (r.company_id = %(root)s OR r.company_id IS NULL)
                ORDER BY r.company_id, r.name DESC LIMIT 1) target ON TRUE
    ),
    priced AS (
        SELECT h.*, COALESCE(d.decimal_places, 2) AS digits,
               ((CASE WHEN COALESCE(h.paid_price, 0) = 0 OR EXISTS (
                        SELECT FROM distributor_price_promotion_distributor_price_rule_rel a
                         WHERE a.distributor_price_rule_id = h.rule_id
                           AND a.distributor_price_promotion_id = h.promotion_id)
                      THEN h.marked_price
                      ELSE LEAST(h.marked_price, h.paid_price) END
                 - h.shipping) / GREATEST(h.pieces, 1)
                * CASE WHEN h.tax_included AND NOT h.rule_tax_included
                       THEN 1 / (1 + COALESCE(t.percent, 0) / 100)
                       WHEN h.rule_tax_included AND NOT h.tax_included
                       THEN 1 + COALESCE(t.percent, 0) / 100 ELSE 1 END
                * CASE WHEN h.currency_id = h.rule_currency_id THEN 1
                       ELSE (k.factors ->> (h.currency_id || '/' || h.rule_currency_id
                             || '/' || h.day))::numeric END)::numeric AS price
          FROM chosen h
          JOIN res_currency d ON d.id = h.rule_currency_id
          LEFT JOIN taxes t ON t.product_id = h.product_id
         CROSS JOIN rates k
    ),
    judged AS (
        SELECT f.id, f.partner_id, p.rule_id, p.kind, p.floor_price,
               ROUND(p.price, p.digits) AS price,
               CASE
               WHEN p.id IS NULL THEN
                    CASE WHEN l.date_from > f.day THEN 'old' ELSE 'free' END
               WHEN p.kind = 'free' THEN 'free'
               WHEN p.price IS NULL THEN 'no_rate'
               WHEN f.partner_id IS NULL THEN 'unknown_shop'
               WHEN ROUND(p.price, p.digits) < ROUND((p.floor_price
                    * (1 - p.tolerance / 100))::numeric, p.digits) THEN 'below'
               WHEN p.kind = 'band' AND ROUND(p.price, p.digits)
                    > ROUND(p.ceiling_price::numeric, p.digits) THEN 'above'
               ELSE 'ok' END AS state
          FROM fresh f
          LEFT JOIN priced p ON p.id = f.id
          LEFT JOIN later l ON l.product_id = f.product_id
    )
    UPDATE distributor_price_observation o
       SET state = j.state,
           rule_id = j.rule_id,
           unit_price = j.price,
           floor_price = CASE WHEN j.kind <> 'free' THEN j.floor_price END,
           percent_below = CASE WHEN j.kind <> 'free' AND j.price < j.floor_price
               THEN ROUND((1 - j.price / j.floor_price::numeric) * 100, 2) ELSE 0 END,
           price_index = CASE WHEN j.kind <> 'free'
               THEN ROUND(j.price / j.floor_price::numeric * 100, 2) END,
           compared_at = %(now)s,
           write_date = %(now)s
      FROM judged j
     WHERE j.id = o.id
    RETURNING o.state
"""


class DistributorPriceObservation(models.Model):
    # One model, a file for each of its tasks.
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "distributor.price.observation"

    @api.model
    def _compare(self, company, ids=None):
        """Hold the new observations of a company against the floors of their days.

        One statement for all of them; it says the same as ``price/choice.py`` and
        ``price/normal.py``.

        :param ids: of these alone
        :return: how many were compared
        """
        self.env["distributor.price.rule"].flush_model()
        for model in ("res.partner", "product.product", "product.template"):
            self.env[model].flush_model()
        self.flush_model()
        which = SQL("TRUE") if ids is None else SQL("o.id = ANY(%s)", list(ids))
        self.env.cr.execute(
            SQL(
                COMPARE,
                company=company.id,
                root=company.root_id.id,
                currency=company.currency_id.id,
                tax_companies=company.parent_ids.ids,
                which=which,
                now=fields.Datetime.now(),
            )
        )
        count = self.env.cr.rowcount
        self.invalidate_model()
        return count

    # -- what follows ----------------------------------------------------------------

    @api.model
    def _cron_compare(self):
        """Match, compare and report what came in."""
        cron = self.env["ir.cron"]
        fresh = self._read_group([("state", "=", "new")], ["company_id"])
        for (company,) in fresh:
            self._compare(company)
        cron._commit_progress(len(fresh))
        while True:
            done = self._report_below(limit=REPORTED_AT_ONCE)
            left = self.search_count(self._get_report_domain(), limit=1)
            if not done or not cron._commit_progress(done, remaining=left):
                break

    @api.model
    def _wake(self):
        """Have new observations compared soon."""
        # Who sends prices may wake what compares them.
        self.env.ref("distributor_crm_channel.ir_cron_price_compare").sudo()._trigger()

    @api.model
    def _get_report_domain(self):
        return [
            "|",
            *("&", "&", ("state", "=", "below"), ("hold_reason", "=", False)),
            ("partner_id", "!=", False),
            *("&", ("is_undeclared", "=", True), ("undeclared_case_id", "=", False)),
        ]

    def _report_below(self, limit=None):
        """Open a case for each shop, product and day below the floor, once.

        Of several observations the lowest is reported, the others point to the same
        case. Resellers are reported under rules that a named lawyer approved alone.

        :return: how many observations were looked at
        """
        domain = self._get_report_domain()
        if self:
            domain = ["&", ("id", "in", self.ids), *domain]
        todo = self.search(domain, order="percent_below desc, id", limit=limit)
        todo._report_undeclared()
        below = todo.filtered(lambda seen: seen.state == "below")
        held = below._hold_for_law()
        (below - held)._report_floors()
        return len(todo)

    def _hold_for_law(self):
        """Keep back what resellers may not be held to yet; return it (flag of AML 18).

        A distributor with an agency agreement in force and none of resale sells in our
        name. All others are taken for resellers.
        """
        own = self._get_agents()
        held = self.filtered(
            lambda seen: (
                (seen.rule_id.legal_basis == "resale" or seen.partner_id not in own)
                and not (
                    seen.rule_id.legal_approved_on
                    and seen.rule_id.legal_approved_on <= seen.day
                )
            )
        )
        held.write({"hold_reason": "legal"})
        return held

    def _get_agents(self):
        """Return the distributors who sell in our name alone, by their agreements."""
        agreements = self.env["distributor.agreement"]
        modes = agreements._read_group(
            [("partner_id", "in", self.partner_id.ids), ("state", "=", "signed")],
            ["partner_id", "mode"],
        )
        agents = self.env["res.partner"]
        resellers = self.env["res.partner"]
        for partner, mode in modes:
            if mode == "resale":
                resellers |= partner
            else:
                agents |= partner
        return agents - resellers

    def _report_floors(self):
        groups = self.grouped(lambda seen: seen._get_report_key())
        known = self._get_leads(groups)
        leads = self.browse()
        for key, group in groups.items():
            if key in known:
                known[key]._join(group)
            else:
                leads |= group.sorted(lambda s: (-s.percent_below, s.id))[:1]
        if not leads:
            return
        shares = leads._get_shares()
        leads.write({"is_lead": True})
        cases = self.env["distributor.violation"]._report(
            [seen._prepare_report(shares.get(seen.id, 0.0)) for seen in leads]
        )
        for lead, case in zip(leads, cases, strict=True):
            lead.share_below = shares.get(lead.id, 0.0)
            groups[lead._get_report_key()].write(
                {"state": "reported", "violation_id": case.id}
            )

    def _get_report_key(self):
        """Return what is reported once: the shop, the product and the day."""
        self.ensure_one()
        return self.company_id.id, self.shop_key, self.product_id.id, self.day

    def _get_leads(self, keys):
        """Return {key: the one that was reported} of what was reported before."""
        leads = self.search(
            [
                ("is_lead", "=", True),
                ("company_id", "in", list({key[0] for key in keys})),
                ("shop_key", "in", list({key[1] for key in keys})),
                ("product_id", "in", list({key[2] for key in keys})),
                ("day", "in", list({key[3] for key in keys})),
            ]
        )
        return {lead._get_report_key(): lead for lead in leads}

    def _join(self, others):
        """Add what was seen later to the case that is open for it already."""
        self.ensure_one()
        others.write({"state": "reported", "violation_id": self.violation_id.id})
        self._raise_severity(others)

    def _raise_severity(self, others):
        """Tell the case if something lower than what was reported came in later."""
        self.ensure_one()
        lowest = others.sorted("percent_below", reverse=True)[:1]
        if lowest.percent_below > self.percent_below and self.violation_id:
            self.violation_id.message_post(
                body=self.env._("Seen lower still: %s", lowest._describe_breach())
            )

    def _prepare_report(self, share):
        self.ensure_one()
        return {
            "policy": "price_below_floor",
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "occurred_at": self.observed_at,
            "source": self,
            "facts": self._describe_breach(share),
            "severity": self.percent_below,
            "store_id": self.store_id.id,
            "product_id": self.product_id.id,
            "evidence_ids": self.evidence_ids.ids,
            "key": f"{self.shop_key}/product/{self.product_id.id}",
        }

    def _add_evidence(self):
        """Give the cases of these the screenshots that came after the report."""
        told = self.filtered(
            lambda seen: (
                seen.is_lead
                and seen.violation_id.source_model == seen._name
                and seen.violation_id.source_id == seen.id
            )
        )
        if told:
            self.env["distributor.violation"]._report(
                [seen._prepare_report(seen.share_below) for seen in told]
            )

    def _describe_breach(self, share=None):
        """Return in words what was seen, and what it may not be below."""
        self.ensure_one()
        money = self.rule_id.currency_id.format
        text = self.env._(
            "%(product)s was on sale in %(shop)s on %(day)s for %(price)s a piece. The "
            "floor of that day is %(floor)s: %(percent)s%% below (rule: %(rule)s).",
            product=self.product_id.display_name,
            shop=self._get_shop_label(),
            day=self.day,
            price=money(self.unit_price),
            floor=money(self.floor_price),
            percent=self.percent_below,
            rule=self.rule_id.name,
        )
        parts = [text, self.url or self.shop_url]
        if share:
            parts.append(
                self.env._(
                    "%(share)s%% of the controlled products seen in this shop within "
                    "%(days)s days were below their floors.",
                    share=share,
                    days=SHARE_DAYS,
                )
            )
        return "\n".join(filter(None, parts))

    def _get_shop_label(self):
        shop = self.shop_id.display_name or self.store_id.name or self.shop_name
        return shop or self.shop_url or self.partner_id.name or "-"

    def _get_shares(self):
        """Return {id: percent of the controlled products of its shop below the floor}.

        Products are controlled where a floor was compared; the last 30 days count, and
        each product once (R172).
        """
        if not self:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id, ROUND(100.0 * COUNT(DISTINCT o.product_id)
                           FILTER (WHERE o.state IN ('below', 'reported'))
                       / COUNT(DISTINCT o.product_id), 2)
                  FROM distributor_price_observation a
                  JOIN distributor_price_observation o
                    ON o.company_id = a.company_id AND o.shop_key = a.shop_key
                   AND o.day > a.day - %s AND o.day <= a.day
                   AND o.state IN ('ok', 'above', 'below', 'reported')
                 WHERE a.id = ANY(%s)
                 GROUP BY a.id
                """,
                SHARE_DAYS,
                self.ids,
            )
        )
        return {number: float(share) for number, share in rows}

    def _report_undeclared(self):
        """Open a case for each shop of a known distributor that was not declared."""
        todo = self.filtered(lambda s: s.is_undeclared and not s.undeclared_case_id)
        if not todo:
            return
        cases = self.env["distributor.violation"]._report(
            [
                {
                    "policy": "undeclared_shop",
                    "partner_id": seen.partner_id.id,
                    "company_id": seen.company_id.id,
                    "occurred_at": seen.observed_at,
                    "source": seen,
                    "facts": self.env._(
                        "%(product)s was on sale in %(shop)s on %(day)s. The shop was "
                        "not declared.\n%(url)s",
                        product=seen.product_id.display_name or seen.product_code,
                        shop=seen._get_shop_label(),
                        day=seen.day,
                        url=seen.shop_url or seen.url or "",
                    ),
                    "evidence_ids": seen.evidence_ids.ids,
                    "key": seen.shop_key,
                }
                for seen in todo
            ]
        )
        for seen, case in zip(todo, cases, strict=True):
            seen.undeclared_case_id = case

    def action_name_distributor(self):
        """Say whose shop these unknown ones are; asks for the distributor."""
        self.check_access("write")
        if self.filtered(lambda seen: seen.state not in ("unknown_shop", "new")):
            raise UserError(self.env._("Choose prices of unknown shops alone."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Whose Shop Is It?"),
            "res_model": "distributor.price.owner",
            "view_mode": "form",
            "target": "new",
            "context": {"default_observation_ids": self.ids},
        }

    def action_view_violation(self):
        """Open the cases that these observations opened."""
        cases = self.violation_id | self.undeclared_case_id
        return cases._get_records_action(name=self.env._("Cases"))
