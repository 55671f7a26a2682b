# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def uninstall_hook(env):
    """Take along what no foreign key and no module name ties to our models."""
    env["tier.review"].search([("model", "=like", "distributor.%")]).unlink()
    # Odoo names what our models inherit on behalf of the addon that holds the mixin,
    # and forgets these names when the models go.
    env.cr.execute(
        """
        DELETE FROM ir_model_data
         WHERE module !~ '^distributor_crm'
           AND name ~ '^(selection|model_inherit|field|constraint)__distributor_'
        """
    )
