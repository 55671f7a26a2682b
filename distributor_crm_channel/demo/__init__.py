from . import store_demo
