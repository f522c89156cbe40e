from . import (
    test_credit,
    test_credit_approval,
    test_credit_notes,
    test_credit_snapshot,
    test_credit_tour,
    test_credit_workers,
    test_identity,
    test_invoices,
    test_open,
    test_origin,
    test_purchases,
    test_quotations,
)
