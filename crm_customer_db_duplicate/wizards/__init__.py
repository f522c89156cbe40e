from . import (
    base_partner_merge,
    crm_customer_merge,
    crm_customer_merge_line,
)
