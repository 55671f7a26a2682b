from . import distributor_rebate_statement_xlsx
