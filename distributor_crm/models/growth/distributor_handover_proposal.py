# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import Counter, defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain


class Handed(NamedTuple):
    """Documents that somebody is responsible for, and that go to the successor.

    :ivar model: name of the model
    :ivar user_field: who is responsible
    :ivar domain: which of them are open
    :ivar partner_field: the distributor, where the model names one
    """

    model: str
    user_field: str
    domain: list
    partner_field: str | None = "partner_id"


class DistributorHandover(models.Model):
    """What is handed over, and to whom: by place, then by who has the least to do."""

    _inherit = "distributor.handover"

    @api.model
    def _get_handed(self) -> list[Handed]:
        """Hook: return what goes along with distributors; other addons add theirs."""
        return [
            Handed(
                "distributor.case",
                "user_id",
                [("state", "in", ("new", "in_progress", "waiting"))],
            ),
            Handed(
                "distributor.application",
                "user_id",
                [("state", "not in", ("refused", "withdrawn", "opened"))],
            ),
            Handed(
                "sale.order",
                "user_id",
                [
                    ("state", "in", ("draft", "sent")),
                    ("partner_id.commercial_partner_id.is_distributor", "=", True),
                ],
            ),
            Handed("mail.activity", "user_id", self._get_activity_domain(), None),
        ]

    @api.model
    def _get_activity_domain(self):
        distributors = self.env["res.partner"]._search(
            [("is_distributor", "=", True)], active_test=False, bypass_access=True
        )
        return (
            Domain("res_model", "=like", "distributor.%")
            | Domain("res_model", "=", "sale.order")
            | Domain("res_model", "=", "res.partner")
            & Domain("res_id", "in", distributors)
        )

    def action_propose(self):
        """Find what there is to hand over, and propose successors; drafts only.

        What was chosen by hand before is given up.
        """
        self._check_can_decide()
        # Lines are made by code alone; the right to write was checked.
        for handover in self.sudo():
            held = handover._get_activity_lines().mapped("res_id")
            handover.line_ids.unlink()
            handover._propose(held)
        return True

    def _propose(self, held=()):
        """Create the lines of this draft.

        :param held: ids of activities that a caretaker keeps for them
        """
        self.ensure_one()
        Line = self.env["distributor.handover.line"]
        mains = Line
        for kind, field in (("manager", "account_manager_id"), ("seller", "user_id")):
            partners = self._find_distributors(field)
            chosen = self._choose_successors(partners, kind)
            mains += Line.create(
                [
                    {
                        "handover_id": self.id,
                        "kind": kind,
                        "partner_id": partner.id,
                        "new_user_id": chosen[partner][0].id,
                        "why": chosen[partner][1],
                    }
                    for partner in partners
                ]
            )
        if self.user_id:
            self._propose_items(mains, held)

    def _find_distributors(self, field):
        """Return the distributors whom this hand-over is about, archived ones too.

        :param field: the role, a field of the partner
        """
        self.ensure_one()
        domain = (
            Domain("is_distributor", "=", True)
            & Domain("parent_id", "=", False)
            & Domain("company_id", "in", [False, self.company_id.id])
        )
        if self.reason == "orphans":
            if field != "account_manager_id":
                return self.env["res.partner"]
            domain &= Domain("is_orphan", "=", True)
        else:
            domain &= Domain(field, "=", self.user_id.id)
        if self.state_ids:
            domain &= Domain("state_id", "in", self.state_ids.ids)
        return (
            self.env["res.partner"].with_context(active_test=False).search(domain)
        ).sorted("id")

    def _choose_successors(self, partners, kind):
        """Return {partner: (user, why)}: of those who serve the place, the least busy.

        Who may is asked once a place, and who has how much once for all.
        """
        candidates, load = self._get_candidates(partners, kind)
        chosen = {}
        for partner in partners:
            users = candidates[partner._get_service_place()]
            if not users:
                chosen[partner] = (users, self.env._("Nobody serves this place"))
                continue
            user = min(users, key=lambda user: (load[user.id], user.id))
            place = partner.state_id.name or partner.country_id.name
            chosen[partner] = (
                user,
                self.env._(
                    "%(place)s, %(count)s distributors and stores so far",
                    place=place or self.env._("no place known"),
                    count=load[user.id],
                ),
            )
            load[user.id] += 1
        return chosen

    def _get_candidates(self, partners, kind):
        """Return who may take over by place, and how much each has: distributors, and
        stores that are not closed."""
        places = partners.grouped(lambda p: p._get_service_place())
        if kind == "manager":
            field = "account_manager_id"
            candidates = {
                place: own[:1]._get_manager_candidates(self.company_id)
                for place, own in places.items()
            }
            everybody = self.company_id._get_group_users(
                "distributor_crm.group_account_manager"
            )
        else:
            field = "user_id"
            everybody = self.company_id._get_group_users(
                "distributor_crm.group_sales_rep"
            )
            candidates = self._get_sellers_by_place(places, everybody)
        others = everybody - self.user_id
        candidates = {
            place: (users - self.user_id).filtered("active") or others
            for place, users in candidates.items()
        }
        load = Counter(
            {
                user.id: count
                for user, count in self.env["res.partner"]._read_group(
                    [(field, "in", everybody.ids), ("is_distributor", "=", True)],
                    [field],
                    ["__count"],
                )
            }
        )
        if kind == "manager":
            for user, count in everybody._get_store_load(self.company_id).items():
                load[user.id] += count
        return candidates, load

    def _get_sellers_by_place(self, places, everybody):
        """Return who sells to distributors of a province already; else of the country."""
        rows = self.env["res.partner"]._read_group(
            [("user_id", "in", everybody.ids), ("is_distributor", "=", True)],
            ["country_id", "state_id", "user_id"],
        )
        by_place = defaultdict(lambda: self.env["res.users"])
        for country, state, user in rows:
            by_place[country, state] |= user
            by_place[country, None] |= user
        return {
            (country, state, *rest): (
                (by_place[country, state] if state else self.env["res.users"])
                - self.user_id
                or by_place[country, None]
            )
            for country, state, *rest in places
        }

    def _propose_items(self, mains, held=()):
        """Create a line for everything open that the leaving user answers for."""
        main_of = {}
        for line in mains.sorted(lambda line: line.kind == "manager"):
            main_of[line.partner_id.id] = line
        fallback = self._get_fallback_user()
        names = {}
        vals_list = []
        for handed in self._get_handed():
            for record, partner in self._find_items(handed, held):
                main = main_of.get(partner.id)
                if not main and self.reason == "region":
                    continue
                model = (
                    record.res_model if handed.partner_field is None else handed.model
                )
                if model not in names:
                    names[model] = self.env["ir.model"]._get(model).name
                vals_list.append(
                    {
                        "handover_id": self.id,
                        "kind": "item",
                        "main_id": main and main.id,
                        "partner_id": partner.id,
                        "res_model": handed.model,
                        "res_id": record.id,
                        "label": self._describe_item(record, names[model]),
                        **({} if main else {"new_user_id": fallback.id}),
                    }
                )
        self.env["distributor.handover.line"].create(vals_list)

    def _describe_item(self, record, model_name):
        if record._name != "mail.activity":
            return f"{model_name}: {record.display_name}"
        what = record.summary or record.activity_type_id.name
        return f"{what}: {record.res_name or ''} ({model_name})"

    def _find_items(self, handed, held=()):
        """Yield (document, distributor) of what is open; the latter may be empty."""
        domain = Domain(handed.user_field, "=", self.user_id.id) & Domain(handed.domain)
        Model = self.env[handed.model]
        if "company_id" in Model._fields:
            domain &= Domain("company_id", "in", [False, self.company_id.id])
        if handed.model == "mail.activity" and held:
            kept = Domain("id", "in", list(held))
            domain |= kept & Domain("user_id", "=", self.caretaker_id.id)
        records = Model.search(domain, order="id")
        if handed.partner_field:
            for record in records:
                yield record, record[handed.partner_field].commercial_partner_id
            return
        for model, own in records.grouped("res_model").items():
            documents = self.env[model].browse(own.mapped("res_id")).exists()
            known = {document.id: document for document in documents}
            for record in own:
                document = known.get(record.res_id, documents.browse())
                partner = self.env["res.partner"]
                if document and self._is_of_company(document):
                    if model == "res.partner":
                        partner = document
                    elif "partner_id" in document._fields:
                        partner = document.partner_id
                    yield record, partner.commercial_partner_id

    def _is_of_company(self, document):
        if "company_id" not in document._fields:
            return True
        return document.company_id.id in (False, self.company_id.id)

    def _get_fallback_user(self):
        """Return who takes what belongs to no distributor of this hand-over."""
        managers = self.company_id._get_group_users(
            "distributor_crm.group_sales_manager"
        )
        return (managers - self.user_id)[:1]
