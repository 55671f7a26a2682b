from . import distributor_target
from . import distributor_target_finder
from . import distributor_target_import_line
from . import distributor_target_report
from . import distributor_territory
