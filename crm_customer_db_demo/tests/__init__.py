from . import test_ebro, test_facts
