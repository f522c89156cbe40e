from . import test_lead, test_lead_documents, test_meeting, test_random
