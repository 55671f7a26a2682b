# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def uninstall_hook(env):
    """Take along what no foreign key and no module name ties to our models."""
    env["tier.review"].with_context(active_test=False).search(
        [("model", "=like", "distributor.%")]
    ).unlink()
    _reopen_reviews(env)
    # Odoo names what our models inherit on behalf of the addon that holds the mixin,
    # and forgets these names when the models go.
    env.cr.execute(
        """
        DELETE FROM ir_model_data
         WHERE module !~ '^distributor_crm'
           AND name ~ '^(selection|model_inherit|field|constraint)__distributor_'
        """
    )


def _reopen_reviews(env):
    """Give back the rights that OCA's tier validation needs when it works alone."""
    env.ref("base_tier_validation.access_tier_review").write(
        {"perm_write": True, "perm_create": True, "perm_unlink": True}
    )
    for model in ("review", "definition"):
        for group in ("public", "portal"):
            name = f"base_tier_validation.access_tier_{model}_group_{group}"
            env.ref(name).active = True
