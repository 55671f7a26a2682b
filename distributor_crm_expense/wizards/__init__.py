from . import distributor_fee_reason
from . import distributor_fee_payout_cancel
from . import distributor_fee_clearing
from . import distributor_fee_reasons
from . import distributor_fee_signing
