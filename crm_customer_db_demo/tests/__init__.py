from . import test_ebro
