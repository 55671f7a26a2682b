from . import distributor_demo
