from . import distributor_working_day
from . import res_company
