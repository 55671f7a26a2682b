from . import store
from . import shop
from . import design
from . import design_products
from . import verify
from . import sightings
from . import filings
from . import recalls
