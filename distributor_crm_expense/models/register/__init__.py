from . import distributor_fee_register
