from . import test_authorization
from . import test_rebate_shop_credit
from . import test_territory
from . import test_territory_security
from . import test_store_page
from . import test_store_cart
from . import test_store_tour
