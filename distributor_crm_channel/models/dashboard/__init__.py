from . import distributor_channel_dashboard
from . import distributor_channel_dashboard_price
from . import distributor_channel_week
