# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def uninstall_hook(env):
    """Take along the reviews of our documents, which no foreign key ties to them."""
    env["tier.review"].search([("model", "=like", "distributor.%")]).unlink()
