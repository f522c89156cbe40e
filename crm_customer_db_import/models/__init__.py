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
