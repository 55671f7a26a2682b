from . import portal
from . import service
from . import cases
from . import notices
from . import kits
from . import returns
from . import promos
from . import gifts
