from . import agreement
from . import portal
from . import store
from . import admission
from . import admission_application
from . import admission_documents
from . import earning
