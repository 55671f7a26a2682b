from . import test_rebate_arithmetic
from . import test_rebate_period
from . import test_rebate_portal
from . import test_rebate_program
from . import test_rebate_security
from . import test_rebate_settlement
from . import test_sales_import
from . import test_sales_import_reader
