{
    "name": "Customer Database: Imports",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Customers and what happened with them, from files: tried first, row by row, and taken back if need be",
    "author": "crm_customer_db maintainers",
    "website": "https://github.com/crm-customer-db/crm_customer_db",
    "license": "LGPL-3",
    "depends": [
        "crm_customer_db",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/import_rules.xml",
        "data/ir_cron.xml",
        "views/crm_customer_import_row_views.xml",
        "views/crm_customer_import_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_customer_db_import/static/src/**/*",
        ],
    },
    "auto_install": True,
}
