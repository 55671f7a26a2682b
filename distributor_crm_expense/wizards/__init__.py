from . import distributor_fee_reason
