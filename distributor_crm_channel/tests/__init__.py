from . import test_authorization
from . import test_rebate_shop_credit
from . import test_territory
from . import test_territory_security
from . import test_service_shipping
from . import test_service_return_stock
from . import test_service_shipping_report
