from . import distributor_fee_statement
from . import distributor_fee_statement_line
from . import distributor_fee_statement_build
from . import distributor_fee_statement_forfeit
from . import distributor_fee_statement_deadline
from . import distributor_fee_statement_flow
from . import distributor_fee_statement_context
