from . import (
    test_credit_notes,
    test_origin,
)
