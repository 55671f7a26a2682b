from . import distributor_fee_document
from . import distributor_fee_document_original
from . import distributor_fee_document_signing
from . import distributor_signature
from . import tier_definition
from . import tier_review
