from . import store
from . import shop
from . import design
from . import design_products
from . import authorization
from . import authorization_portal
from . import event_portal
from . import groupbuy
