from . import portal
from . import tier
