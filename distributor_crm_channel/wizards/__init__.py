from . import distributor_visit_settlement_run
from . import distributor_visit_settlement_reason
from . import distributor_visit_roster_plan
from . import distributor_authorization_misuse
from . import distributor_authorization_reason
