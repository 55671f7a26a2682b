from . import distributor_rebate_statement_xlsx
from . import earning_payment_xlsx
