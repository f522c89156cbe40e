from . import (
    crm_customer_import,
    crm_customer_import_column,
    crm_customer_import_convert,
    crm_customer_import_file,
    crm_customer_import_match,
    crm_customer_import_revert,
    crm_customer_import_row,
    crm_customer_import_run,
    crm_customer_import_target,
)

# Customers are a kind of their own: these extend what the others do.
from . import (  # isort: skip
    crm_customer_import_contact,
    crm_customer_import_contact_consent,
    crm_customer_import_contact_read,
    crm_customer_import_contact_revert,
    crm_customer_import_contact_target,
    crm_customer_import_contact_trace,
    crm_customer_import_contact_write,
)
