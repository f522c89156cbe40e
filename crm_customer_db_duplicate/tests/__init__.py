from . import (
    test_duplicate,
    test_duplicate_rights,
    test_merge_undo,
    test_merge_wizard,
)
