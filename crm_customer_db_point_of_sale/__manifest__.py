{
    "name": "Customer Database: Point of Sale",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Till orders in the customer file",
    "author": "crm_customer_db maintainers",
    "website": "https://github.com/crm-customer-db/crm_customer_db",
    "license": "LGPL-3",
    "depends": [
        "crm_customer_db_account",
        "point_of_sale",
    ],
    "data": [
        "views/pos_config_views.xml",
    ],
    "post_init_hook": "post_init_hook",
    "auto_install": True,
}
