from . import portal
from . import admission
from . import admission_application
from . import admission_documents
