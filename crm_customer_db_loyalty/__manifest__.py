{
    "name": "Customer Database: Loyalty",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Loyalty cards for the customers of a strategy or a segment",
    "author": "crm_customer_db maintainers",
    "website": "https://github.com/crm-customer-db/crm_customer_db",
    "license": "LGPL-3",
    "depends": [
        "crm_customer_db",
        "loyalty",
    ],
    "data": [
        "security/ir.model.access.csv",
        "views/crm_customer_launch_views.xml",
        "views/crm_customer_strategy_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}
