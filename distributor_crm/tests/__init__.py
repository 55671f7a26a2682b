from . import test_rebate_arithmetic
from . import test_rebate_period
from . import test_rebate_portal
from . import test_rebate_program
from . import test_rebate_security
from . import test_rebate_settlement
