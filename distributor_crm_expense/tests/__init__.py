from . import test_fee_netting
from . import test_fee_standard
from . import test_fee_standard_lookup
from . import test_fee_standard_security
from . import test_expense_approval
from . import test_expense_approval_changes
from . import test_expense_approval_rights
