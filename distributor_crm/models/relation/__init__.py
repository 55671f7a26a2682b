from . import res_company
from . import res_config_settings
from . import distributor_relation
from . import res_partner_relation
from . import res_partner_relation_map
from . import distributor_handover
from . import base_partner_merge
