from . import base_partner_merge
from . import distributor_rebate_price_protection
from . import distributor_rebate_price_protection_line
from . import distributor_rebate_settle
from . import distributor_rebate_simulation
from . import distributor_rebate_simulation_result
from . import distributor_tier_refusal
from . import distributor_tier_simulation
