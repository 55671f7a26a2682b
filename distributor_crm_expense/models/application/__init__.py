from . import distributor_fee_application
