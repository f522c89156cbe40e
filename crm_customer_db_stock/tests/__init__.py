from . import test_delivery
from . import test_random
from . import test_return
from . import test_sale_delivery
