from . import (
    account_move,
    crm_customer_activity_report,
    crm_customer_credit_report,
    crm_customer_metrics,
    crm_customer_order_bridge,
    crm_team,
    ir_filters,
    payment_transaction,
    res_partner,
    sale_order,
    sale_order_credit,
    sale_order_line,
)

# isort: split
# Feeds name the models above.
from . import feed_sale

# isort: split
from . import feed_invoice, feed_purchase, feed_quotation
