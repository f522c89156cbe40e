from . import test_answers, test_code, test_tools_codes, test_writes_to
