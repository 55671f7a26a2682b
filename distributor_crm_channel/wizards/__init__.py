from . import distributor_visit_settlement_run
from . import distributor_visit_settlement_reason
from . import distributor_visit_roster_plan
from . import distributor_authorization_misuse
from . import distributor_authorization_reason
from . import distributor_price_allow
from . import distributor_price_key
from . import distributor_price_owner
