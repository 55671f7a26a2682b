from . import distributor_demo
from . import distributor_claim_demo
from . import service_demo
