# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo.tests import BaseCase, tagged

from odoo.addons.distributor_crm.controllers.service import ServicePortal


def family(cls):
    """Return a class of pages and all that extend it, once each."""
    found = {cls: None}
    for child in cls.__subclasses__():
        found |= dict.fromkeys(family(child))
    return list(found)


@tagged("post_install", "-at_install")
class TestPortalNames(BaseCase):
    def test_no_page_takes_anothers_method(self):
        """Odoo makes one class of all portal pages: where two rooms give a method the
        same name and neither extends the other, one room's pages call the other's."""
        owners = defaultdict(set)
        for cls in family(ServicePortal):
            if not cls.__module__.startswith("odoo.addons.distributor_crm"):
                continue
            for name, value in vars(cls).items():
                code = getattr(value, "__code__", None)
                if code and "__class__" not in code.co_freevars:
                    owners[name].add(f"{cls.__module__}.{cls.__name__}")
        shared = {name: found for name, found in owners.items() if len(found) > 1}
        # The one at the root may be replaced by a page that knows better.
        root = f"{ServicePortal.__module__}.{ServicePortal.__name__}"
        self.assertFalse(
            {name: found for name, found in shared.items() if len(found - {root}) > 1}
        )
