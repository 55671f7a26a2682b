from . import store_demo
from . import service_demo
from . import target_demo
from . import groupbuy_demo
from . import violation_demo
from . import visit_demo
from . import price_demo
from . import territory_demo
