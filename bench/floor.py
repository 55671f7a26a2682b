# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The floor: the rows of a run by plain SQL, one statement a program.

The rows go into copies of the engine's two tables, in a schema of their own, with the same
columns, indexes, constraints and foreign keys. A statement aggregates the invoice lines,
looks up the tier, and inserts the rebate statements with the lines behind them.

`STATEMENT` and `LINE` say how a column is had from the ledger. A column that they do not
name and that the engine fills is taken over where it is the same in all rows, or equals
another column in all rows; else `learn` says that it needs an expression here.
"""

STATEMENTS, LINES = "distributor_rebate_statement", "distributor_rebate_line"
SCHEMA = "floor"
NOW = "now() AT TIME ZONE 'UTC'"
STATEMENT = {
    "program_id": "%(id)s",
    "company_id": "%(company)s",
    "partner_id": "figures.partner_id",
    "account_manager_id": "partner.account_manager_id",
    "grade_id": "partner.grade_id",
    "country_id": "partner.country_id",
    "date_from": "figures.date_from",
    "date_to": "(figures.date_from + %(length)s::interval - interval '1 day')::date",
    "period": "to_char(figures.date_from, %(label)s)",
    "window_from": "figures.date_from",
    "version_id": "%(id)s",
    "basis": "figures.basis",
    "window_basis": "figures.basis",
    "measure": "figures.basis",
    "line_count": "figures.line_count",
    "tier_id": "figures.tier_id",
    "earned": "figures.earned",
    "released": "figures.earned",
    "true_up": "figures.so_far - figures.settled_before - figures.earned",
    "due": "figures.so_far - figures.settled_before",
    "settled": "greatest(figures.so_far - figures.settled_before, 0)",
    "missing": "figures.missing",
    "progress": """CASE WHEN missing = 0 THEN 100 WHEN basis <= 0 THEN 0
                        ELSE round(basis * 100 / (basis + missing), 4) END""",
    "effective_rate": "CASE WHEN basis = 0 THEN 0 ELSE round(earned * 100 / basis, 4) END",
    "create_date": NOW,
    "write_date": NOW,
}
LINE = {
    "statement_id": "statement.id",
    "move_line_key": "sale.id",
    "move_name": "sale.name",
    "date": "sale.invoice_date",
    "product_id": "sale.product_id",
    "amount": "sale.amount",
}
# Of the moment: not compared.
LOOSE = {"create_date", "write_date", "create_uid", "write_uid"}
KEY = ("program_id", "partner_id", "date_from")
PERIODS = {"month": ("1 month", "YYYY-MM"), "quarter": ("3 months", 'YYYY-"Q"Q')}
PERIODS["year"] = ("1 year", "YYYY")

RUN = """
WITH sale AS MATERIALIZED (
    SELECT line.id, line.product_id, -line.balance AS amount,
           move.invoice_date, move.name, move.commercial_partner_id AS partner_id,
           date_trunc(%(period)s, move.invoice_date)::date AS date_from
      FROM account_move_line line JOIN account_move move ON move.id = line.move_id
     WHERE move.invoice_date BETWEEN %(date_from)s AND %(date_to)s
       AND line.company_id = %(company)s
       AND line.parent_state = 'posted' AND line.display_type = 'product'
       AND move.move_type IN ('out_invoice', 'out_refund')
       AND move.is_distributor_rebate IS NOT TRUE
       AND move.commercial_partner_id IN (
           SELECT p.id FROM res_partner p LEFT JOIN res_partner_grade g ON g.id = p.grade_id
            WHERE p.is_distributor AND coalesce(g.is_rebate_eligible, TRUE) {partners})
       {products}
), basis AS (
    SELECT partner_id, date_from, sum(amount) AS basis, count(*) AS line_count
      FROM sale GROUP BY partner_id, date_from
), step AS (
    SELECT id, threshold, rate::numeric, lead(threshold) OVER ladder AS next,
           min(threshold) OVER () AS first,
           coalesce(sum(slice) OVER (ladder ROWS BETWEEN UNBOUNDED PRECEDING
                                     AND 1 PRECEDING), 0) AS below
      FROM (SELECT *, rate::numeric * (lead(threshold) OVER (ORDER BY threshold)
                                       - threshold) AS slice
              FROM distributor_rebate_tier WHERE program_id = %(id)s) tier
    WINDOW ladder AS (ORDER BY threshold)
), earning AS (
    -- Who returned more than he bought pays back what it would have earned.
    SELECT basis.*, CASE WHEN basis.basis >= 0 THEN step.id END AS tier_id,
           coalesce(sign(basis.basis) * round(({earned}) / 100, 2), 0) AS earned,
           CASE WHEN step.id IS NULL OR basis.basis < 0
                THEN (SELECT min(first) FROM step) - basis.basis
                ELSE coalesce(step.next - basis.basis, 0) END AS missing
      FROM basis LEFT JOIN step ON abs(basis.basis) >= step.threshold
       AND (step.next IS NULL OR abs(basis.basis) < step.next)
), figures AS (
    -- What he owes is set off later: each statement settles what is new above the most
    -- that was ever due.
    SELECT *, greatest(max(so_far) OVER (PARTITION BY partner_id ORDER BY date_from
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS settled_before
      FROM (SELECT *, sum(earned) OVER (PARTITION BY partner_id ORDER BY date_from)
                      AS so_far FROM earning) running
), statement AS (
    INSERT INTO distributor_rebate_statement ({statement_columns})
    SELECT {statement_values}
      FROM figures JOIN res_partner partner ON partner.id = figures.partner_id
    RETURNING id, partner_id, date_from
)
"""
EVIDENCE = """
INSERT INTO distributor_rebate_line ({line_columns})
SELECT {line_values} FROM sale JOIN statement USING (partner_id, date_from)
"""
EARNED = {
    "retroactive": "abs(basis.basis) * step.rate",
    "incremental": "step.below + (abs(basis.basis) - step.threshold) * step.rate",
}
PARTNERS = {
    "grades": "AND p.grade_id = ANY(%(grades)s)",
    "tags": """AND EXISTS (SELECT FROM res_partner_res_partner_category_rel r
                            JOIN res_partner_category c ON c.id = r.category_id
                            JOIN res_partner_category top ON top.id = ANY(%(tags)s)
                             AND starts_with(c.parent_path, top.parent_path)
                           WHERE r.partner_id = p.id)""",
}
PRODUCTS = """
       AND line.product_id IN (
           SELECT p.id FROM product_product p
             JOIN product_template t ON t.id = p.product_tmpl_id
             JOIN product_category c ON c.id = t.categ_id
             JOIN product_category top ON top.id = ANY(%(categories)s)
              AND starts_with(c.parent_path, top.parent_path))
"""


class Floor:
    """The plain way, on one connection."""

    def __init__(self, connection):
        self.connection = connection
        self.cursor = connection.cursor()
        self.known = {}

    def empty(self):
        """Empty the engine's tables and the copies; whatever refers to them stays."""
        self._run("SET search_path = public")
        self.cursor.execute(
            """SELECT conrelid::regclass::text, quote_ident(conname),
                      pg_get_constraintdef(oid)
                 FROM pg_constraint WHERE contype = 'f'
                  AND confrelid = ANY(%(own)s::regclass[])
                  AND conrelid != ALL(%(own)s::regclass[])
                  AND connamespace = 'public'::regnamespace""",
            {"own": [STATEMENTS, LINES]},
        )
        references = self.cursor.fetchall()
        for table, name, _definition in references:
            # TRUNCATE would take the invoices along.
            self._run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        self._run(f"TRUNCATE {STATEMENTS}, {LINES}")
        for table, name, definition in references:
            self._run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        if self.known:
            self._run(f"TRUNCATE {SCHEMA}.{STATEMENTS}, {SCHEMA}.{LINES}")
        self.connection.commit()

    def build(self):
        """Copy the tables' structure, and learn from the engine's rows what to insert."""
        self._run(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        foreign = []
        for table in (STATEMENTS, LINES):
            self._run(
                f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)"
            )
            self.cursor.execute(
                """SELECT pg_get_constraintdef(oid) FROM pg_constraint
                    WHERE contype = 'f' AND conrelid = %s::regclass""",
                [f"public.{table}"],
            )
            foreign += [(table, definition) for (definition,) in self.cursor.fetchall()]
        # From here on the plain names are the copies.
        self._run(f"SET search_path = {SCHEMA}, public")
        for table, definition in foreign:
            self._run(f"ALTER TABLE {SCHEMA}.{table} ADD {definition}")
        self.known = {
            STATEMENTS: self.learn(STATEMENTS, STATEMENT),
            LINES: self.learn(LINES, LINE),
        }
        self._run("SET search_path = public")
        self.connection.commit()

    def learn(self, table, expressions):
        """Return the SQL of each column that the engine filled."""
        self.cursor.execute(
            """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass
                  AND attnum > 0 AND NOT attisdropped AND attname != 'id'""",
            [f"public.{table}"],
        )
        columns = [name for (name,) in self.cursor.fetchall()]
        known = {name: sql for name, sql in expressions.items() if name in columns}
        for name in columns:
            if name not in known:
                sql = self._guess(table, name, known)
                if sql:
                    known[name] = sql
        return known

    def _guess(self, table, name, known):
        """Return the SQL of a column without an expression, None for an empty one."""
        self.cursor.execute(
            f"""SELECT count({name}), count(*), count(DISTINCT {name}),
                       quote_literal(min({name}::text)) FROM public.{table}"""
        )
        filled, rows, different, value = self.cursor.fetchone()
        if not filled:
            return None
        if filled == rows and different == 1:
            return f"{value}".replace("%", "%%")
        for other, sql in known.items():
            self.cursor.execute(
                f"""SELECT bool_and({name}::text IS NOT DISTINCT FROM {other}::text)
                      FROM public.{table}"""
            )
            if self.cursor.fetchone()[0]:
                return sql
        raise SystemExit(f"bench/floor.py must say how {table}.{name} is had")

    def run(self, programs, evidence):
        """Write the rows of these programs, and commit; the tables were emptied."""
        self._run(f"SET search_path = {SCHEMA}, public")
        for program in programs:
            length, label = PERIODS[program["period"]]
            query = RUN + (EVIDENCE if evidence else "SELECT count(*) FROM statement")
            self.cursor.execute(
                query.format(
                    partners=" ".join(
                        sql for name, sql in PARTNERS.items() if program[name]
                    ),
                    products=PRODUCTS if program["categories"] else "",
                    earned=EARNED[program["method"]],
                    statement_columns=", ".join(self.known[STATEMENTS]),
                    statement_values=", ".join(self.known[STATEMENTS].values()),
                    line_columns=", ".join(self.known[LINES]),
                    line_values=", ".join(self.known[LINES].values()),
                ),
                {**program, "length": length, "label": label},
            )
        self.connection.commit()
        self._run("SET search_path = public")
        self.connection.commit()

    def compare(self):
        """Return how many rows the engine wrote, and which tables differ from the floor."""
        sides = [(self._digest("public", table), table) for table in self.known]
        return {
            "statements": sides[0][0][0],
            "lines": sides[1][0][0],
            "different": [
                table for side, table in sides if side != self._digest(SCHEMA, table)
            ],
        }

    def _digest(self, schema, table):
        """Return the number of rows and a sum over all that is compared.

        Sorting millions of rows to compare them one by one would take minutes.
        """
        self.cursor.execute(
            """SELECT attname, atttypid = 'numeric'::regtype FROM pg_attribute
                WHERE attrelid = %s::regclass AND attname = ANY(%s)""",
            [f"public.{table}", [*self.known[table].keys() - LOOSE - {"statement_id"}]],
        )
        columns = [
            f"trim_scale(t.{name})" if is_number else f"t.{name}"
            for name, is_number in self.cursor.fetchall()
        ]
        source = f"{schema}.{table} t"
        if table == LINES:
            columns += [f"s.{name}" for name in KEY]
            source += f" JOIN {schema}.{STATEMENTS} s ON s.id = t.statement_id"
        self.cursor.execute(
            f"""SELECT count(*), sum(hashtextextended(row({", ".join(columns)})::text, 0))
                  FROM {source}"""
        )
        return self.cursor.fetchone()

    def _run(self, query):
        self.cursor.execute(query)
