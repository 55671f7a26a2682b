from . import account_move
from . import approval
from . import rebate
from . import res_company
from . import res_partner
from . import res_partner_grade
from . import sales_import
