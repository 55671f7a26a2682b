from . import store_demo
from . import service_demo
from . import target_demo
from . import groupbuy_demo
from . import visit_demo
from . import visit_work_demo
