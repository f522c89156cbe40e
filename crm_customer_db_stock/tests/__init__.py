from . import test_delivery, test_random, test_return, test_sale_delivery
