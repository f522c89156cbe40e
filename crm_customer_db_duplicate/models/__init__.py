from . import (
    crm_customer_duplicate,
    crm_customer_duplicate_scan,
    crm_customer_merge_change,
    crm_customer_merge_log,
    res_partner,
)
