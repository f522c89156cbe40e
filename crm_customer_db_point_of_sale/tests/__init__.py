from . import test_feed_till
