from . import test_sales_import
from . import test_sales_import_access
from . import test_sales_import_again
from . import test_sales_import_folder
from . import test_sales_import_orders
from . import test_sales_import_reader
from . import test_sales_import_refusals
from . import test_sales_import_values
