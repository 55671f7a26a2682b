from . import distributor_fee_account
from . import distributor_fee_analysis
from . import distributor_fee_ageing
from . import distributor_fee_duty
