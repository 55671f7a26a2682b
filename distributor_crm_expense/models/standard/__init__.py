from . import distributor_fee_standard
from . import distributor_fee_lifecycle
from . import distributor_fee_lookup
from . import product_product
from . import product_template
