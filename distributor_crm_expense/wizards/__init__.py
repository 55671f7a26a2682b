from . import distributor_fee_statement_reason
