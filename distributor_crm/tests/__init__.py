from . import test_sales_import
from . import test_sales_import_reader
