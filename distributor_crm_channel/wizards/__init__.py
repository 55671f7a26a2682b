from . import distributor_authorization_misuse
from . import distributor_authorization_reason
