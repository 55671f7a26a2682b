from . import distributor_store
from . import sale_order
