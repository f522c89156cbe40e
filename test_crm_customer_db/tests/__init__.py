from . import test_merge_documents, test_public_data, test_stages, test_story, test_story_tour, test_till_delivery
