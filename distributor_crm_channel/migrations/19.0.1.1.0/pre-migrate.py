# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Views that show the minimum store price as it was stand in the way of all others."""

VIEWS = ("product_template_form_view", "res_config_settings_view_form_floor")


def migrate(cr, version):
    """Take the old fields out of what is stored of the views; the update writes them."""
    cr.execute(
        """
        UPDATE ir_ui_view
           SET arch_db = jsonb_build_object('en_US', '<data/>')
         WHERE id IN (SELECT res_id FROM ir_model_data
                       WHERE module = 'distributor_crm_channel'
                         AND model = 'ir.ui.view' AND name IN %s)
        """,
        [VIEWS],
    )
