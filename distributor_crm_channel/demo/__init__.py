from . import store_demo
from . import service_demo
from . import target_demo
from . import authorization_demo
from . import event_demo
from . import groupbuy_demo
