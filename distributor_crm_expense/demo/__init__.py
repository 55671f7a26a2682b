from . import fee_payment_demo
