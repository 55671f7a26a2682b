from . import distributor_price_allow
from . import distributor_price_key
from . import distributor_price_owner
