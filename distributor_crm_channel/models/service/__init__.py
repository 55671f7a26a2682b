from . import res_company
from . import res_config_settings
from . import stock_picking
from . import sale_order
from . import distributor_kit
from . import distributor_return
from . import product_template
from . import distributor_shipping_report
