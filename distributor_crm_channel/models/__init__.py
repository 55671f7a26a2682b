from . import distributor_authorization
from . import territory
from . import distributor_application
from . import distributor_rebate_shop_credit
from . import res_partner
from . import service
from . import store
from . import target
