from . import res_company
from . import res_config_settings
from . import distributor_stock_report
from . import distributor_stock_report_line
from . import res_partner
