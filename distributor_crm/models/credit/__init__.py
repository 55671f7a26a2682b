from . import res_partner_grade
from . import res_partner
