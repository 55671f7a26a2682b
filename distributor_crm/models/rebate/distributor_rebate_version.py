# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...guard import without_defaults

# What a new version may change: the rest belongs to the program as a whole.
VERSION_TERMS = {
    "valid_from",
    "method",
    "multiple",
    "free_product_id",
    "tier_ids",
    "grade_ids",
    "partner_ids",
    "partner_tag_ids",
    "country_ids",
    "state_ids",
    "account_manager_ids",
    "excluded_partner_ids",
    "excluded_partner_tag_ids",
    "product_ids",
    "product_categ_ids",
    "product_tag_ids",
    "excluded_product_ids",
    "excluded_product_categ_ids",
}
# A change of one of these changes what distributors were promised.
TERMS = VERSION_TERMS | {
    "company_id",
    "kind",
    "date_from",
    "date_to",
    "version_rule",
    "period_type",
    "window_type",
    "is_fiscal",
    "grace_days",
    "measure",
    "claim_limit",
    "claim_price",
    "claim_evidence",
    "uom_id",
    "scale",
    "baseline",
    "basis",
    "reward",
    "minimum",
    "maximum",
    "guarantee",
    "is_guarantee_cumulated",
    "release",
    "negative_policy",
    "keep_evidence",
    "sequence",
    "stacking",
    "is_deductible",
    "is_exclusive",
    "group_policy",
}

# Written by the actions and the engine alone, over RPC too.
GUARDED = {"state", "origin_id", "version", "watermark", "computed_at"}


class DistributorRebateProgram(models.Model):
    """A published program is frozen; a change of its terms is a new version.

    A version is a program of its own that hangs on the first one: each sale follows
    the version of its date, and one statement covers them all.
    """

    _inherit = "distributor.rebate.program"

    origin_id = fields.Many2one(
        comodel_name="distributor.rebate.program",
        string="Version Of",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    valid_from = fields.Date(
        compute="_compute_valid_from",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Sales from this day on follow this version.",
    )
    version_ids = fields.One2many(
        comodel_name="distributor.rebate.program",
        inverse_name="origin_id",
        string="Later Versions",
        # An archived version was promised all the same.
        context={"active_test": False},
    )
    version_rule = fields.Selection(
        selection=[
            ("sale", "Of the sale's date"),
            ("latest", "The latest, for all sales"),
        ],
        string="Version That Applies",
        default="sale",
        required=True,
    )

    _version_unique = models.UniqueIndex(
        "(origin_id, valid_from) WHERE origin_id IS NOT NULL",
        "There is a version from this day already. Change that one, or choose another "
        "day.",
    )

    @api.depends("date_from", "origin_id")
    def _compute_valid_from(self):
        for program in self:
            if not program.origin_id or not program.valid_from:
                program.valid_from = program.date_from

    @api.constrains("valid_from", "origin_id")
    def _check_valid_from(self):
        for version in self.filtered("origin_id"):
            if not version.date_from < version.valid_from <= version.date_to:
                raise ValidationError(
                    self.env._(
                        "A new version of %(program)s starts after its first day, "
                        "%(first)s, and not after its last, %(last)s.",
                        program=version.origin_id.name,
                        first=version.date_from,
                        last=version.date_to,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        own = without_defaults(self, GUARDED)
        return super(DistributorRebateProgram, own).create(
            [
                {name: value for name, value in vals.items() if name not in GUARDED}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if GUARDED & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("A program is published and closed with its buttons.")
            )
        if TERMS & vals.keys():
            self.check_access("write")
            self._check_may_set_terms()
            self._check_terms_editable(vals.keys())
        return super().write(vals)

    def _check_may_set_terms(self):
        """Check that this user sets terms; finance only says how they are booked.

        :raises AccessError: he does not
        """
        user = self.env.user
        if not self.env.su and not user.has_group(
            "distributor_crm.group_channel_admin"
        ):
            raise AccessError(
                self.env._("Only channel administrators change the terms of a program.")
            )

    def _check_terms_editable(self, names=()):
        """Refuse a change of the terms once a program is published.

        :param names: the fields to be changed
        :raises UserError: names the programs
        """
        frozen = self.filtered(lambda program: program.state != "draft")
        if frozen:
            raise UserError(
                self.env._(
                    "The terms of %(programs)s stand: the program is published. Create "
                    "a new version from a date on, or take it back to draft as long as "
                    "nothing is settled.",
                    programs=", ".join(frozen.mapped("name")),
                )
            )
        fixed = (TERMS - VERSION_TERMS) & set(names)
        versions = self.filtered("origin_id")
        if versions and fixed:
            labels = [
                self._fields[name]._description_string(self.env) for name in fixed
            ]
            raise UserError(
                self.env._(
                    "A version changes rates, products and distributors. %(fields)s "
                    "belong to the program as a whole.",
                    fields=", ".join(sorted(labels)),
                )
            )

    def _get_versions(self):
        """Return the program and its published versions, by the day they start."""
        self.ensure_one()
        later = self.version_ids.filtered(lambda v: v.state != "draft")
        return self + later.sorted("valid_from")

    def _get_applied_versions(self):
        """Return the versions that apply, in their order."""
        return [version for version, _first, _last in self._get_validity()]

    def _get_validity(self):
        """Return the first and the last day of each version, as the rule says."""
        versions = self._get_versions()
        if self.version_rule == "latest":
            return [(versions[-1], self.date_from, self.date_to)]
        starts = [version.valid_from for version in versions]
        ends = [start - timedelta(days=1) for start in starts[1:]] + [self.date_to]
        return list(zip(versions, starts, ends, strict=True))

    # -- actions ---------------------------------------------------------------------

    def action_start(self):
        """Publish drafts: from now on their terms stand, and they are computed."""
        self._check_admin()
        self._check_complete()
        for version in self.filtered("origin_id"):
            version._check_not_settled()
        self.sudo().state = "running"  # who asks was checked

    def _check_not_settled(self):
        """Refuse a version that reaches back into closed statements."""
        closed = self.env["distributor.rebate.statement"].search(
            [
                ("program_id", "=", self.origin_id.id),
                ("approval_state", "!=", "draft"),
                ("date_to", ">=", self.valid_from),
            ],
            order="date_to desc",
            limit=1,
        )
        if closed:
            raise UserError(
                self.env._(
                    "Statements until %(day)s are submitted or settled on the terms "
                    "before. Let the new version start after that day.",
                    day=closed.date_to,
                )
            )

    def action_reset_to_draft(self):
        """Take programs back to draft while nothing was settled on them."""
        self._check_admin()
        settled = self.filtered("is_frozen")
        if settled:
            raise UserError(
                self.env._(
                    "The terms of %(programs)s stand: statements were submitted or "
                    "settled on them. Create a new version for new terms.",
                    programs=", ".join(settled.mapped("name")),
                )
            )
        self.sudo().state = "draft"  # who asks was checked

    def action_close(self):
        """End the programs; their statements stay."""
        self._check_admin()
        self.sudo().state = "closed"  # who asks was checked

    def _check_admin(self):
        """Check that this user sets up programs.

        :raises AccessError: he does not
        """
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_channel_admin"):
            raise AccessError(
                self.env._("Only channel administrators publish and close programs.")
            )

    def action_new_version(self):
        """Create and open a draft of the next version, with the terms as they are."""
        self.ensure_one()
        self._check_admin()
        origin = self.origin_id or self
        last = origin._get_versions()[-1]
        today = fields.Date.context_today(self)
        start = min(max(today, last.valid_from + timedelta(days=1)), origin.date_to)
        draft = origin.version_ids.filtered(lambda v: v.state == "draft")[:1]
        # The link to the first version is closed to users; who asks was checked.
        version = draft or last.sudo().copy(
            {
                "name": origin.name,
                "origin_id": origin.id,
                "version": max(origin.version_ids.mapped("version"), default=1) + 1,
                "valid_from": start,
                "target_ids": [Command.clear()],
            }
        )
        return version.sudo(self.env.su)._get_records_action()

    def action_view_versions(self):
        """Open the program with all its versions."""
        self.ensure_one()
        origin = self.origin_id or self
        return (origin + origin.version_ids)._get_records_action(
            name=self.env._("Versions")
        )
