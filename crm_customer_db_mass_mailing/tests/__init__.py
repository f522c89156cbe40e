from . import test_feed_mailing, test_segment_list, test_unsubscribe
