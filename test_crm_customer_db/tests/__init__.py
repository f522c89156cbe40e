from . import test_story
from . import test_till_delivery
