from . import policy
from . import document
from . import standard
from . import hr_expense
from . import statement
from . import application
