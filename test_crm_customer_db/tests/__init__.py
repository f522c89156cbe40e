from . import test_story, test_till_delivery
