from . import test_ebro, test_facts, test_figures
