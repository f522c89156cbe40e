from . import (
    test_arrears,
    test_cost,
    test_credit,
    test_credit_line,
    test_identity,
    test_invoices,
    test_merge_locked,
    test_payment_return,
    test_random,
    test_returns,
    test_rights,
)
