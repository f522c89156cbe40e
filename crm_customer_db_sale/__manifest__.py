{
    "name": "Customer Database: Sales",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Orders and quotations in the customer file",
    "author": "crm_customer_db maintainers",
    "website": "https://github.com/crm-customer-db/crm_customer_db",
    "license": "LGPL-3",
    "depends": [
        "crm_customer_db_account",
        "sale",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rules.xml",
        "views/crm_customer_order_bridge_views.xml",
        "views/crm_team_views.xml",
        "views/sale_order_views.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "crm_customer_db_sale/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}
