from . import (
    crm_customer_duplicate,
    crm_customer_duplicate_scan,
)
