from . import distributor_territory
from . import distributor_territory_area
from . import distributor_authorization
from . import res_partner
