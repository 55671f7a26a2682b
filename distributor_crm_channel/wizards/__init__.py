from . import distributor_visit_settlement_run
from . import distributor_visit_settlement_reason
from . import distributor_visit_roster_plan
