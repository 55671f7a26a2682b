from . import distributor_authorization_misuse
from . import distributor_authorization_reason
from . import distributor_price_allow
from . import distributor_price_key
from . import distributor_price_owner
