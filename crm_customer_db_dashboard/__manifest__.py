{
    "name": "Customer Database: Dashboard",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "The customer file at a glance: value classes, stages, who is late to reorder",
    "author": "crm_customer_db maintainers",
    "website": "https://github.com/crm-customer-db/crm_customer_db",
    "license": "LGPL-3",
    "depends": [
        "crm_customer_db",
        "spreadsheet_dashboard",
    ],
    "data": [
        "data/spreadsheet_dashboard.xml",
        "views/menus.xml",
    ],
    "auto_install": True,
}
