from . import distributor_fee_policy
from . import distributor_fee_purpose
from . import distributor_fee_payee_mixin
from . import res_company
from . import res_partner
