# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize_all

from odoo.addons.distributor_crm.guard import without_closed

from .distributor_price_rule import CHANNELS

# Set by the buttons alone, over RPC too.
CLOSED = {"key_hash", "key_hint", "key_made_on"}
RETAIL = [channel for channel in CHANNELS if channel[0] != "wholesale"]


class DistributorPriceSource(models.Model):
    """Where prices seen outside come from, and how to read what it sends."""

    _name = "distributor.price.source"
    _description = "Source of Prices"
    _inherit = ["mail.thread", "mail.alias.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Of prices that do not say theirs.",
    )
    tax_included = fields.Boolean(
        string="Prices Contain Taxes",
        default=True,
        help="Prices that do not say otherwise.",
    )
    channel = fields.Selection(selection=RETAIL, required=True, default="platform")
    date_order = fields.Selection(
        selection=[("dmy", "Day/Month/Year"), ("mdy", "Month/Day/Year")],
        string="Date Format",
        help="For dates that end with the year, as 05/06/2019.",
    )
    comma = fields.Selection(
        selection=[
            ("thousands", "Thousands separator: 1,234.50"),
            ("decimal", "Decimal sign: 1.234,50"),
        ],
        help="What a comma means in a number.",
    )
    tz = fields.Selection(
        selection=lambda self: (
            self.env["res.partner"]._fields["tz"]._description_selection(self.env)
        ),
        string="Time Zone",
        default=lambda self: self.env.user.tz or "UTC",
        required=True,
        help="Of times that do not say theirs; it decides which day a price belongs to.",
    )
    # By mail
    senders = fields.Text(
        tracking=True,
        help="The e-mail addresses that prices are accepted from, one a line.",
    )
    # By the programming interface
    key_hash = fields.Char(
        readonly=True, copy=False, groups="base.group_system", index="btree_not_null"
    )
    key_hint = fields.Char(string="Key Ends With", readonly=True, copy=False)
    key_made_on = fields.Datetime(string="Key Since", readonly=True, copy=False)
    rate_limit = fields.Integer(
        string="Calls an Hour",
        default=600,
        required=True,
        help="More calls than this are refused.",
    )
    observation_count = fields.Integer(compute="_compute_counts")
    import_count = fields.Integer(string="Files", compute="_compute_counts")

    _key_unique = models.UniqueIndex("(key_hash) WHERE key_hash IS NOT NULL")
    _rate_sane = models.Constraint(
        "CHECK(rate_limit >= 0)", "A number of calls is zero at least."
    )

    def _compute_counts(self):
        for name, model in (
            ("observation_count", "distributor.price.observation"),
            ("import_count", "distributor.price.import"),
        ):
            counts = dict(
                self.env[model]._read_group(
                    [("source_id", "in", self.ids)], ["source_id"], ["__count"]
                )
            )
            for source in self:
                source[name] = counts.get(source, 0)

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and CLOSED & vals.keys():
            raise UserError(self.env._("Use the button to make a new key."))
        return super().write(vals)

    # -- mail ------------------------------------------------------------------------

    def _alias_get_creation_values(self):
        # EXTENDS mail: what comes in is a file of prices
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id(
            "distributor.price.import"
        )
        if self.id:
            values["alias_defaults"] = repr({"source_id": self.id})
        return values

    def _accepts(self, sender):
        """Whether prices are accepted from an e-mail address."""
        self.ensure_one()
        known = email_normalize_all(self.senders or "")
        return bool(set(email_normalize_all(sender or "")) & set(known))

    # -- programming interface -------------------------------------------------------

    @api.model
    def _hash_key(self, key):
        """Return what is kept of a key. It is long and random: one round is enough."""
        return hashlib.sha256(key.encode()).hexdigest()

    def action_make_key(self):
        """Make a new key, and show it this once; the one before works no longer."""
        self.ensure_one()
        self.check_access("write")
        key = secrets.token_urlsafe(32)
        # Written by this button alone; the right to write was checked.
        self.sudo().write(
            {
                "key_hash": self._hash_key(key),
                "key_hint": key[-4:],
                "key_made_on": fields.Datetime.now(),
            }
        )
        self.message_post(body=self.env._("A new key for the interface was made."))
        wizard = self.env["distributor.price.key"].create(
            {"source_id": self.id, "key": key}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Key"),
            "res_model": "distributor.price.key",
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_drop_key(self):
        """Accept nothing by the interface any more."""
        self.check_access("write")
        # Written by the buttons alone; the right to write was checked.
        self.sudo().write({"key_hash": False, "key_hint": False, "key_made_on": False})
        return True

    @api.model
    def _find_by_key(self, key):
        """Return the source whose key this is; none for a wrong one."""
        if not isinstance(key, str) or not 20 <= len(key) <= 100:
            return self.browse()
        return self.search([("key_hash", "=", self._hash_key(key))], limit=1)

    def action_view_observations(self):
        """Show the prices of these sources."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_price_observation_action"
        )
        return {**action, "domain": [("source_id", "in", self.ids)], "context": {}}

    def action_view_imports(self):
        """Show the files of these sources."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_price_import_action"
        )
        context = {"default_source_id": self.id} if len(self) == 1 else {}
        return {
            **action,
            "domain": [("source_id", "in", self.ids)],
            "context": context,
        }
