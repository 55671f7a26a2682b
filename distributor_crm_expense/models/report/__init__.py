from . import distributor_fee_account
from . import distributor_fee_analysis
