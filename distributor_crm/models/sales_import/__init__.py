# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import background
from . import account_move
from . import product_product
from . import res_partner
from . import sales_import
from . import sales_import_actions
from . import sales_import_files
from . import sales_import_masters
from . import sales_import_plan
from . import sales_import_work
from . import sales_import_refusal
from . import sales_import_run
