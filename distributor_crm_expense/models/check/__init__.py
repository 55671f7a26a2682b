from . import distributor_fee_check
from . import distributor_fee_check_line
from . import distributor_fee_recovery
