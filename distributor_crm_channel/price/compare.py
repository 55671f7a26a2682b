# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Floors held against observed prices: one statement, that says what `choice` and
`normal` say of one price (R170, R171)."""

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
