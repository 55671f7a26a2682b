from . import distributor_demo
from . import distributor_claim_demo
from . import distributor_store_demo
from . import admission_demo
from . import earning_demo
from . import service_demo
from . import evaluation_demo
from . import growth_demo
