# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from urllib.parse import quote

from lxml import etree, html
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import html2plaintext, is_html_empty

from .pictures import redraw

CONTENT = (
    "banner",
    "logo",
    "theme",
    "introduction",
    "contact_name",
    "contact_phone",
    "contact_email",
    "contact_chat",
    "contact_hours",
    "program_ids",
)
PICTURES = {"banner": (1920, 800), "logo": (512, 512)}
MAX_INTRODUCTION = 20000
CLOSED = {"store_id", "is_published"}
# What an introduction may be made of. Pictures and frames from elsewhere would tell
# their owner who looks.
KEPT_TAGS = {
    *("p", "div", "br", "hr", "h2", "h3", "h4", "strong", "b", "em", "i", "u", "s"),
    *("ul", "ol", "li", "a", "blockquote", "span"),
}


class DistributorStoreDesign(models.Model):
    """How a store's page looks and what it says: one draft, and one that visitors see
    (R013, R178)."""

    _name = "distributor.store.design"
    _description = "Decoration of a Store"
    _order = "id"
    _check_company_auto = True

    store_id = fields.Many2one(
        comodel_name="distributor.store", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="store_id.company_id", store=True, precompute=True
    )
    is_published = fields.Boolean(readonly=True)
    banner = fields.Image(max_width=1920, max_height=800)
    logo = fields.Image(max_width=512, max_height=512)
    theme = fields.Selection(
        selection=[
            ("plain", "Plain"),
            ("ink", "Ink"),
            ("jade", "Jade"),
            ("vermilion", "Vermilion"),
            ("gold", "Gold"),
            ("lotus", "Lotus"),
        ],
        required=True,
        default="plain",
    )
    introduction = fields.Html(
        sanitize=True,
        sanitize_attributes=True,
        sanitize_style=True,
        strip_style=True,
        strip_classes=True,
    )
    contact_name = fields.Char(string="Contact", size=80)
    contact_phone = fields.Char(string="Phone", size=40)
    contact_email = fields.Char(string="Email", size=120)
    contact_chat = fields.Char(
        string="Chat", size=80, help="A WeChat or QQ number, for example."
    )
    contact_hours = fields.Char(string="Hours", size=80)
    program_ids = fields.Many2many(
        comodel_name="loyalty.program",
        relation="distributor_store_design_program_rel",
        string="Coupons Shown",
        domain=[("store_ok", "=", True)],
        check_company=True,
    )

    _one_each = models.UniqueIndex(
        "(store_id, is_published)",
        "A store has one draft and one published decoration.",
    )

    @api.depends("store_id.name")
    def _compute_display_name(self):
        for design in self:
            design.display_name = design.store_id.name

    @api.constrains("contact_email")
    def _check_contact_email(self):
        for design in self:
            email = design.contact_email
            if email and (email.count("@") != 1 or " " in email.strip()):
                raise ValidationError(
                    self.env._(
                        "%s is no email address. Correct it, or leave it out.", email
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get("is_published") for vals in vals_list):
            raise UserError(self._tell_closed())
        return super().create([self._clean(vals) for vals in vals_list])

    def write(self, vals):
        if CLOSED & vals.keys() and not self.env.su:
            raise UserError(self._tell_closed())
        return super().write(self._clean(vals))

    def _tell_closed(self):
        return self.env._("Change the draft, then use Publish to show it to visitors.")

    def _clean(self, vals):
        """Return values with their pictures redrawn and the introduction tidied.

        :raises ValidationError: no picture, or too long a text
        """
        vals = dict(vals)
        for name, size in PICTURES.items():
            if vals.get(name):
                vals[name] = redraw(self.env, vals[name], size)
        if vals.get("introduction"):
            vals["introduction"] = self._tidy(vals["introduction"])
        return vals

    def _tidy(self, introduction):
        """Return an introduction of the tags that are allowed, links marked as a
        stranger's."""
        if len(introduction) > MAX_INTRODUCTION:
            raise ValidationError(
                self.env._(
                    "The introduction is too long: at most %s characters with their "
                    "formatting.",
                    MAX_INTRODUCTION,
                )
            )
        sanitised = self._fields["introduction"].convert_to_column_insert(
            introduction, self
        )
        if is_html_empty(sanitised):
            return False
        body = html.fragment_fromstring(str(sanitised), create_parent="div")
        for node in list(body.iterdescendants()):
            if not isinstance(node.tag, str):
                node.drop_tree()
            elif node.tag not in KEPT_TAGS:
                node.drop_tag()
            else:
                target = node.get("href") if node.tag == "a" else None
                node.attrib.clear()
                if target and target.startswith(
                    ("https://", "http://", "/", "mailto:")
                ):
                    node.set("href", target)
                    node.set("rel", "nofollow noopener ugc")
        inner = (body.text or "") + "".join(
            etree.tostring(child, encoding="unicode", method="html") for child in body
        )
        return Markup(inner)  # noqa: S704 - made of the nodes kept above

    def action_publish(self):
        """Show visitors what stands in these drafts."""
        return self.store_id.action_publish_design()

    def _copy_content(self):
        """Return the content of a decoration as values for another one."""
        if not self:
            return {}
        self.ensure_one()
        values = {name: self[name] for name in CONTENT if name != "program_ids"}
        return {**values, "program_ids": [(6, 0, self.program_ids.ids)]}

    # -- the page --------------------------------------------------------------------

    def _get_summary(self):
        """Return the introduction as one line of text, for search engines and links."""
        text = " ".join(html2plaintext(self.introduction or "").split())
        return text if len(text) <= 160 else f"{text[:157]}…"

    def _get_shown_programs(self):
        """Return the coupons of the decoration that hold today for its store."""
        programs = self.program_ids
        if not programs:
            return programs
        return programs.filtered_domain(programs._get_store_domain(self.store_id))

    def _get_picture_url(self, name):
        """Return the address of a picture; a changed one has another address."""
        self.ensure_one()
        version = quote(str(int(self.write_date.timestamp())), safe="")
        slug = self.store_id.slug
        if self.is_published:
            return f"/store/{slug}/{name}?v={version}"
        return f"/my/stores/{self.store_id.id}/{name}?v={version}"
