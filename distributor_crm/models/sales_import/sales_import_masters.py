# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.fields import Command

from ...sales_import.values import normalise_name

BATCH = 500
# What people call countries beside the names that Odoo knows.
COUNTRY_NAMES = {"usa": "US", "uk": "GB", "england": "GB", "中国": "CN", "prc": "CN"}


class SalesImport(models.Model):
    # One model, a file for each of its tasks.
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "distributor.sales.import"

    def _make_masters(self, files, plan):
        """Make the distributors and products of the files that are not there."""
        rows = files.customer_rows.rows
        self._mark_distributors(plan, rows)
        new = [rows[key] for key in rows if key in plan.new_customers]
        plan.customers.update(
            self._make("res.partner", self._prepare_customers(new), "ref")
        )
        rows = files.product_rows.rows
        new = [rows[key] for key in rows if key in plan.new_products]
        plan.products.update(
            self._make("product.product", self._prepare_products(new), "default_code")
        )

    def _make(self, model, values, code_field):
        made = {}
        for start in range(0, len(values), BATCH):
            records = self._sudo_model(model).create(values[start : start + BATCH])
            made.update(zip(records.mapped(code_field), records.ids, strict=True))
            self._commit()
        return made

    def _sudo_model(self, model):
        # sudo: a channel administrator need not be an accountant nor own the product
        # catalogue to bring in the past; the button that got here checked his group.
        # Nobody is told about each of thousands of records of the past.
        return (
            self.env[model]
            .sudo()
            .with_company(self.company_id)
            .with_context(
                tracking_disable=True,
                mail_create_nolog=True,
                mail_create_nosubscribe=True,
                mail_notrack=True,
            )
        )

    def _get_owner_company(self):
        """Codes are a company's own as soon as there are several companies."""
        # sudo: whether there are other companies, not what they are
        several = self.env["res.company"].sudo().search_count([], limit=2) > 1
        return self.company_id if several else self.env["res.company"]

    def _mark_distributors(self, plan, rows):
        found = [plan.customers[key] for key in rows if key in plan.customers]
        # sudo: as in _sudo_model, with the change of the role written in the chatter
        partners = self.env["res.partner"].sudo().browse(found)
        partners.filtered(lambda partner: not partner.is_distributor).write(
            {"is_distributor": True}
        )

    def _prepare_customers(self, rows):
        countries, states = self._get_places(rows)
        tags = self._find_or_make_tags({row.type for row in rows if row.type})
        values = []
        for row in rows:
            country = countries.get(normalise_name(row.country), False)
            values.append(
                {
                    "ref": row.key,
                    "name": row.name,
                    "is_company": True,
                    "is_distributor": True,
                    "city": row.city,
                    "country_id": country,
                    "state_id": states.get((country, normalise_name(row.state)), False),
                    "category_id": [
                        Command.set(tags[row.type].ids if row.type else [])
                    ],
                    "company_id": self._get_owner_company().id,
                    "distributor_import_id": self.id,
                }
            )
        return values

    def _get_places(self, rows):
        """{country name: id}, {(country id, state name): id}, in all languages that the
        rows may use."""
        countries, states = dict.fromkeys([""], False), {}
        for lang in dict.fromkeys(("en_US", self.env.lang or "en_US")):
            Country = self.env["res.country"].with_context(lang=lang)
            for country in Country.search_fetch([], ["name", "code"]):
                countries[normalise_name(country.name)] = country.id
                countries.setdefault(normalise_name(country.code), country.id)
        for name, code in COUNTRY_NAMES.items():
            countries.setdefault(name, countries[code.lower()])
        used = {countries.get(normalise_name(row.country)) for row in rows}
        found = self.env["res.country.state"].search([("country_id", "in", list(used))])
        for state in found:
            for name in (state.name, state.code):
                states.setdefault((state.country_id.id, normalise_name(name)), state.id)
        return countries, states

    def _count_unknown_places(self, files, plan):
        """(customers whose country, customers whose state) Odoo does not know."""
        rows = [files.customer_rows.rows[key] for key in plan.new_customers]
        countries, states = self._get_places(rows)
        no_country = no_state = 0
        for row in rows:
            country = countries.get(normalise_name(row.country))
            no_country += bool(row.country and not country)
            no_state += bool(
                row.state and (country, normalise_name(row.state)) not in states
            )
        return no_country, no_state

    def _find_or_make_tags(self, names):
        Tag = self._sudo_model("res.partner.category")
        tags = {
            tag.name: tag
            for tag in Tag.search(
                [("name", "in", list(names)), ("parent_id", "=", False)]
            )
        }
        missing = sorted(names - tags.keys())
        made = Tag.create([{"name": name} for name in missing])
        return tags | dict(zip(missing, made, strict=True))

    def _prepare_products(self, rows):
        categories = self._find_or_make_categories(rows)
        values = []
        for row in rows:
            vals = {
                "default_code": row.key,
                "name": row.name,
                "type": "consu",
                "sale_ok": True,
                "list_price": 0.0,
                "standard_price": row.cost,
                "company_id": self._get_owner_company().id,
                "distributor_import_id": self.id,
            }
            if path := _path(row):
                vals["categ_id"] = categories[path].id
            if not self.apply_taxes:
                vals["taxes_id"] = [Command.clear()]
                vals["supplier_taxes_id"] = [Command.clear()]
            values.append(vals)
        return values

    def _find_or_make_categories(self, rows):
        """{path of names: category}, missing ones made level by level."""
        Category = self._sudo_model("product.category")
        categories = {(): Category}
        paths = {_path(row) for row in rows} - {()}
        for level in (1, 2):
            wanted = {path[:level] for path in paths if len(path) >= level}
            parents = [categories[path[:-1]].id for path in wanted]
            found = Category.search(
                [
                    ("name", "in", [path[-1] for path in wanted]),
                    ("parent_id", "in", [parent or False for parent in parents]),
                ]
            )
            by_place = {(c.parent_id.id, c.name): c for c in reversed(found)}
            missing = []
            for path in sorted(wanted):
                place = (categories[path[:-1]].id, path[-1])
                if place in by_place:
                    categories[path] = by_place[place]
                else:
                    missing.append(path)
            made = Category.create(
                [
                    {"name": path[-1], "parent_id": categories[path[:-1]].id}
                    for path in missing
                ]
            )
            categories.update(zip(missing, made, strict=True))
        return categories


def _path(row):
    return tuple(name for name in (row.category, row.subcategory) if name)
