from . import distributor_fee_payee_mixin
from . import distributor_fee_document
from . import distributor_fee_statement_line
from . import distributor_fee_application
from . import distributor_fee_payee_judgement
from . import distributor_fee_separation
