from . import distributor_evaluation_measure
from . import distributor_tier
from . import distributor_stock_report
from . import distributor_visit
