from . import portal
from . import earning
