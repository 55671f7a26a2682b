from . import distributor_territory
from . import distributor_territory_area
