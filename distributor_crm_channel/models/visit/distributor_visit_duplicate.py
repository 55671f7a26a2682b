# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ...visit import keys

# So many of one kind are shown: a common name has thousands, and each is looked at.
MOST = 5
# Who is the same, and whether that is certain.
KINDS = {
    "phone": True,
    "name_company": True,
    "near_phone": False,
    "name": False,
    "company": False,
}
# What is compared, in which table and columns: everything is found by an index.
PARTNER = {
    "model": "res.partner",
    "table": "res_partner",
    "phone": "visit_phone_key",
    "name": "visit_pinyin_key",
    "company": "visit_company_key",
    "since": "create_date",
}
LEAD = {**PARTNER, "model": "crm.lead", "table": "crm_lead"}
VISIT = {
    "model": "distributor.visit",
    "table": "distributor_visit",
    "phone": "phone_key",
    "name": "pinyin_key",
    "company": "company_key",
    "since": "known_at",
}

SOURCES = (PARTNER, LEAD, VISIT)


def same(source, column, values):
    """Return the condition that a column of a table is one of these."""
    return SQL("%s = ANY(%s)", SQL.identifier("one", source[column]), values)


class DistributorVisit(models.Model):
    """Whether a brought customer is in our records already, as of his arrival (R051).

    Phones, names in Chinese or pinyin, companies, and phones with one slip are looked for
    among contacts, leads and earlier visits, each by an index.
    """

    _inherit = "distributor.visit"

    def _find_known(self, as_of):
        """Return the older records of the same customer, at most a few of each kind.

        One statement; where a name is known and nothing certain, a second one looks for
        phones with one slip under that name.

        :param as_of: naive UTC; what is younger does not count
        :return: [(model, id, since, kind)], kinds as in KINDS
        """
        self.ensure_one()
        # Times of ours are whole seconds; those of records are not.
        as_of += timedelta(seconds=1)
        people = [(self.customer_name, self.phone_key)]
        people += [(one.name, one.phone_key) for one in self.member_ids]
        phones = sorted({phone for _name, phone in people if phone})
        names = sorted(
            {key for name, _phone in people for key in keys.pinyin_keys(name)}
        )
        found = self._ask_known(self._get_known_branches(as_of, phones, names))
        if phones and not any(KINDS[kind] for *_record, kind in found):
            named = {model for model, *_record, kind in found if kind == "name"}
            found += self._ask_known(
                self._get_near_branches(named, as_of, phones, names)
            )
        return found

    def _ask_known(self, branches):
        """Ask for all kinds of sameness at once."""
        if not branches:
            return []
        return self.env.execute_query(SQL(" UNION ALL ").join(branches))

    def _get_known_branches(self, as_of, phones, names):
        """Return a subquery for each kind of sameness in each table."""
        branches = []
        for source in SOURCES:
            conditions = {}
            if phones:
                conditions["phone"] = same(source, "phone", phones)
            if names:
                conditions["name"] = same(source, "name", names)
            if self.company_key:
                conditions["company"] = same(source, "company", [self.company_key])
                if names:
                    conditions["name_company"] = SQL(
                        "%s AND %s", conditions["company"], conditions["name"]
                    )
            branches += [
                self._get_known_branch(source, as_of, kind, condition)
                for kind, condition in conditions.items()
            ]
        if phones:
            branches.append(self._get_member_branch(as_of, phones))
        return branches

    def _get_near_branches(self, models, as_of, phones, names):
        """Return a subquery for phones with one slip in each table that has the name."""
        near = {slip for phone in phones for slip in keys.phone_neighbours(phone)}
        return [
            self._get_known_branch(
                source,
                as_of,
                "near_phone",
                SQL(
                    "%s AND %s",
                    same(source, "name", names),
                    same(source, "phone", sorted(near)),
                ),
            )
            for source in SOURCES
            if source["model"] in models
        ]

    def _get_known_branch(self, source, as_of, kind, condition):
        if source is VISIT:
            more = SQL(
                """AND one.id <> %s AND one.company_id = %s AND one.state <> 'cancelled'
                   AND one.verdict <> 'invalid'""",
                self.id or 0,
                self.company_id.id,
            )
        else:
            more = SQL(
                "AND (one.company_id IS NULL OR one.company_id = %s)",
                self.company_id.id,
            )
        return SQL(
            """(SELECT %(model)s AS model, one.id, one.%(since)s AS since, %(kind)s AS kind
                  FROM %(table)s one
                 WHERE %(condition)s AND one.%(since)s < %(as_of)s %(more)s
                 LIMIT %(most)s)""",
            model=source["model"],
            kind=kind,
            table=SQL.identifier(source["table"]),
            since=SQL.identifier(source["since"]),
            condition=condition,
            as_of=as_of,
            more=more,
            most=MOST,
        )

    def _get_member_branch(self, as_of, phones):
        """Return the subquery of those who came along with an earlier group (R046)."""
        return SQL(
            """(SELECT 'distributor.visit' AS model, one.id, one.known_at AS since,
                       'phone' AS kind
                  FROM distributor_visit_member member
                  JOIN distributor_visit one ON one.id = member.visit_id
                 WHERE member.phone_key = ANY(%(phones)s) AND one.known_at < %(as_of)s
                   AND one.id <> %(own)s AND one.company_id = %(company)s
                   AND one.state <> 'cancelled' AND one.verdict <> 'invalid'
                 LIMIT %(most)s)""",
            phones=phones,
            as_of=as_of,
            own=self.id or 0,
            company=self.company_id.id,
            most=MOST,
        )

    # -- what was found --------------------------------------------------------------

    def _freeze_matches(self, expiry_days=0):
        """Look for older records as of the arrival, and keep what is found.

        :return: `certain`, `possible` or `none`, of what has not expired
        """
        self.ensure_one()
        # One's own pages know no records of others; what they say is kept for judges.
        own = self.sudo()
        own.env.flush_all()
        own.match_ids.unlink()
        found = {}
        for model, record_id, since, kind in own._find_known(own.known_at):
            entry = found.setdefault((model, record_id), (since, set()))
            entry[1].add(kind)
        limit = own.known_at - timedelta(days=expiry_days) if expiry_days else None
        matches = own.env["distributor.visit.match"].create(
            [
                {
                    "visit_id": own.id,
                    "res_model": model,
                    "res_id": record_id,
                    "known_on": since,
                    "kinds": ",".join(kind for kind in KINDS if kind in kinds),
                    "is_certain": any(KINDS[kind] for kind in kinds),
                    "is_expired": bool(limit and since < limit),
                    **own._describe_known(model, record_id),
                }
                for (model, record_id), (since, kinds) in found.items()
            ]
        )
        counted = matches.filtered(lambda match: not match.is_expired)
        level = "none"
        if counted:
            is_certain = any(counted.mapped("is_certain"))
            level = "certain" if is_certain else "possible"
        own.match_level = level
        return level

    def _describe_known(self, model, record_id):
        """Return name, phone and owner of an older record, as they are now."""
        record = self.env[model].browse(record_id)
        if model == "res.partner":
            owner = record.account_manager_id or record.user_id
            return self._say_known(record.display_name, record.phone, owner.name)
        if model == "crm.lead":
            name = record.contact_name or record.partner_name or record.name
            return self._say_known(name, record.phone, record.user_id.name)
        owner = record.agent_id or record.agency_id or record.user_id
        return self._say_known(
            f"{record.name}: {record.customer_name}",
            record.customer_phone,
            owner.display_name,
        )

    def _say_known(self, name, phone, owner):
        return {"name": name, "phone": phone, "owner": owner}

    def _find_first_brought(self):
        """Return the visit by which another agent brought this customer just before.

        Only what the policy calls the same hour; the first wins (R076).
        """
        self.ensure_one()
        minutes = self.policy_id.dispute_minutes
        if not minutes:
            return self.browse()
        since = self.known_at - timedelta(minutes=minutes)
        ids = self.match_ids.filtered(
            lambda match: match.res_model == self._name and match.is_certain
        ).mapped("res_id")
        return (
            self.browse(ids)
            .filtered(
                lambda visit: (
                    visit.known_at >= since
                    and (visit.agent_id or visit.agency_id)
                    != (self.agent_id or self.agency_id)
                    and visit.agent_id != self.agent_id
                )
            )
            .sorted("known_at")[:1]
        )

    def _look_again(self):
        """Look for older records once more: who the customer is was corrected."""
        for visit in self:
            if not visit._is_brought() or visit.state not in ("arrived", "reception"):
                continue
            visit._claim_customer()
            results = visit.result_ids.filtered(lambda one: one.kind == "new_customer")
            results.write({"judged_by_id": False, "judged_at": False})
            visit._update_results(("new_customer",))
            if not results:
                visit._freeze_matches()
            if visit.verdict == "pending":
                visit._look_for_first()

    def _claim_customer(self):
        """Let nobody else arrive with the same customer at the same moment."""
        for company, visits in self.grouped("company_id").items():
            people = visits.member_ids.mapped("phone_key")
            claimed = [key for key in visits.mapped("phone_key") + people if key]
            claimed += [
                f"name:{min(keys.pinyin_keys(visit.customer_name))}"
                for visit in visits
                if not visit.phone_key and keys.pinyin_keys(visit.customer_name)
            ]
            self.env["distributor.visit.claim"]._claim(company, claimed)
        # Whoever came first while this one waited is seen by the retry of it alone.
        self.env.invalidate_all()
        return fields.Datetime.now()
