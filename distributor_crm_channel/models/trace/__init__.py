from . import stock
from . import res_company
from . import res_config_settings
from . import distributor_code_sighting
from . import distributor_code_sighting_trace
from . import distributor_code_sighting_case
from . import distributor_code_batch
from . import distributor_territory
