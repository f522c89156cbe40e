from . import test_story, test_story_tour, test_till_delivery
