from . import store
from . import shop
from . import design
from . import design_products
from . import visit_work
from . import violation
