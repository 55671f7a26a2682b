from . import distributor_fee_budget
from . import distributor_fee_budget_usage
from . import distributor_fee_document
from . import distributor_fee_budget_report
