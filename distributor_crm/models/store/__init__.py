from . import distributor_store
from . import distributor_agreement_template
from . import distributor_agreement
from . import sale_order
