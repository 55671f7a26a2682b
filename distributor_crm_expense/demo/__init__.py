from . import fee_payment_demo
from . import fee_application_demo
