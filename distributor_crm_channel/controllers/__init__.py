from . import store
from . import shop
from . import design
