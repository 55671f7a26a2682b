from . import distributor_fee_purpose
from . import distributor_fee_payee_mixin
from . import distributor_fee_claim
from . import distributor_fee_document
from . import distributor_fee_payout
