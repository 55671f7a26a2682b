from . import distributor_quality_incident
from . import distributor_quality_incident_flow
from . import distributor_quality_incident_money
from . import distributor_quality_lot
from . import distributor_quality_recall
from . import service
from . import stock_picking
from . import distributor_code_sighting
