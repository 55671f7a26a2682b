from . import distributor_brand
from . import product_template
