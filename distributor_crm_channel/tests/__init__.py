from . import test_authorization
from . import test_territory
from . import test_territory_security
