{
    "name": "Customer Database: Duplicates",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Customers who are there twice: found, compared side by side, merged, and taken apart again if need be",
    "author": "crm_customer_db maintainers",
    "website": "https://github.com/crm-customer-db/crm_customer_db",
    "license": "LGPL-3",
    "depends": [
        "crm_customer_db",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/duplicate_rules.xml",
        "data/ir_config_parameter.xml",
        "data/ir_cron.xml",
        "wizards/crm_customer_merge_views.xml",
        "views/crm_customer_duplicate_views.xml",
        "views/crm_customer_merge_log_views.xml",
        "views/res_partner_views.xml",
    ],
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
