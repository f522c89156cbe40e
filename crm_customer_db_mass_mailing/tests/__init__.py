from . import test_feed_mailing, test_unsubscribe
