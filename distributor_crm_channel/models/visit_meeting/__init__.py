from . import distributor_visit_day
from . import distributor_visit_meeting_series
from . import distributor_visit_meeting
from . import distributor_visit_meeting_figures
from . import distributor_visit_meeting_agency
from . import distributor_visit_meeting_line
from . import distributor_minutes
