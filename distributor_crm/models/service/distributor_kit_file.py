# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
from base64 import b64decode
from io import BytesIO
from tempfile import TemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

from odoo import api, fields, models
from odoo.tools import human_size
from odoo.tools.mimetypes import guess_mimetype


class DistributorKitFile(models.Model):
    """One file of one version of a kit; what was published once stays as it was."""

    _name = "distributor.kit.file"
    _description = "Kit File"
    _order = "kit_id, version desc, id"
    _rec_name = "name"

    name = fields.Char(required=True)
    kit_id = fields.Many2one(
        comodel_name="distributor.kit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="kit_id.company_id", store=True)
    version = fields.Integer(required=True)
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Category", ondelete="restrict"
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", required=True, ondelete="restrict"
    )
    file_size = fields.Integer(related="attachment_id.file_size", string="Size (Bytes)")
    product_count = fields.Integer(string="Products")

    def _get_size_label(self):
        """Return the size for people to read."""
        return human_size(self.file_size)

    @api.model
    def _make(self, kit):
        """Make the files of a kit's version: one of each category, one of the material.

        :return: the files
        """
        made = []
        for category in kit.categ_ids:
            products = kit._get_products(category)
            label = category.display_name.replace(" / ", "_")
            content = self._zip(kit, self._get_product_entries(kit, products))
            made.append((label, category, len(products), content))
        if kit.attachment_ids:
            entries = (
                (f"{number:03d}_{self._file_name(file.name)}", file.raw)
                for number, file in enumerate(kit.attachment_ids, 1)
            )
            content = self._zip(kit, entries)
            made.append(
                (self.env._("Material"), self.env["product.category"], 0, content)
            )
        files = self.create(
            [
                {
                    "name": f"{self._file_name(kit.name)}_{self._file_name(label)}"
                    f"_v{kit.version}.zip",
                    "kit_id": kit.id,
                    "version": kit.version,
                    "categ_id": category.id,
                    "product_count": count,
                    "attachment_id": self.env["ir.attachment"]
                    .create(
                        {
                            "name": f"{self._file_name(label)}.zip",
                            "raw": content,
                            "mimetype": "application/zip",
                            "res_model": kit._name,
                            "res_id": kit.id,
                        }
                    )
                    .id,
                }
                for label, category, count, content in made
            ]
        )
        return files

    @api.model
    def _file_name(self, text):
        """Return a text as a part of a file's name."""
        return re.sub(r"[^\w.-]+", "_", text or "")[:80].strip("._") or "file"

    def _zip(self, kit, entries):
        """Return a ZIP file of the kit's copy and what else belongs in it."""
        with TemporaryFile() as stream:
            with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
                if kit.text:
                    page = f'<!DOCTYPE html><meta charset="utf-8">{kit.text}'
                    archive.writestr("copy.html", page.encode())
                for name, content in entries:
                    archive.writestr(name, content or b"")
            stream.seek(0)
            return stream.read()

    def _get_product_entries(self, kit, products):
        """Return name and content of the table and the pictures of products."""
        yield "products.xlsx", self._get_table(kit, products)
        for product in products:
            picture = product.with_context(bin_size=False).image_1920
            if picture:
                content = b64decode(picture)
                kind = guess_mimetype(content).rpartition("/")[2]
                name = self._file_name(product.default_code or product.name)
                yield f"pictures/{name}_{product.id}.{kind}", content

    def _get_table(self, kit, products):
        """Return the data of products as an XLSX file: no price that is another's."""
        env = self.env
        floors = kit._get_floors(products)
        stream = BytesIO()
        book = xlsxwriter.Workbook(
            stream, {"in_memory": True, "strings_to_formulas": False}
        )
        sheet = book.add_worksheet("Products")
        bold, money = (
            book.add_format({"bold": True}),
            book.add_format({"num_format": "#,##0.00"}),
        )
        heads = (
            env._("Code"),
            env._("Title"),
            env._("Description"),
            env._("Unit"),
            env._("Retail Price"),
            env._("Currency"),
            env._("Lowest Price"),
        )
        sheet.write_row(0, 0, heads, bold)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 2, 48)
        for row, product in enumerate(products, 1):
            for column, text in enumerate(
                (
                    product.default_code,
                    product.name,
                    product.description_sale,
                    product.uom_id.name,
                )
            ):
                sheet.write_string(row, column, text or "")
            sheet.write_number(row, 4, product.list_price, money)
            sheet.write_string(row, 5, product.currency_id.name or "")
            if product in floors:
                sheet.write_number(row, 6, floors[product], money)
        sheet.freeze_panes(1, 0)
        book.close()
        return stream.getvalue()
