from . import (
    base_partner_merge,
    crm_customer_credit_approval_wizard,
    crm_customer_dunning_wizard,
    crm_customer_past,
    crm_customer_payment_return_wizard,
)
