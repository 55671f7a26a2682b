from . import distributor_rebate_line
from . import distributor_rebate_program
from . import distributor_rebate_run
from . import distributor_rebate_scope
from . import distributor_rebate_statement
from . import distributor_rebate_approval
from . import distributor_rebate_settlement
from . import distributor_rebate_tier
