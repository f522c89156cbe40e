# What invoices and orders have in common, and what it shows.
from . import crm_customer_credit_line, crm_customer_metrics

# isort: split
from . import crm_customer_credit_approvable

# isort: split
from . import (
    account_move,
    account_move_line,
    account_move_unpaid,
    account_partial_reconcile,
    account_payment,
    account_payment_method_line,
    crm_customer_credit_approval,
    crm_customer_credit_report,
    crm_customer_credit_snapshot,
    crm_customer_feed,
    crm_customer_metrics_history,
    crm_customer_metrics_line,
    crm_customer_metrics_sql,
    crm_customer_payment_promise,
    crm_customer_payment_return,
    crm_customer_payment_return_line,
    feed_account,
    feed_arrears,
    feed_invoice,
    feed_payment_return,
    feed_return,
    ir_filters,
    res_company,
    res_config_settings,
    res_partner,
)

# isort: split
# on top of why an invoice is unpaid
from . import account_move_dunning
