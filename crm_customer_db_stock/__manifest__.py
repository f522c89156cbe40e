{
    "name": "Customer Database: Inventory",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Deliveries and returns in the customer file",
    "author": "crm_customer_db maintainers",
    "website": "https://github.com/crm-customer-db/crm_customer_db",
    "license": "LGPL-3",
    "depends": [
        "crm_customer_db",
        "stock",
    ],
    "data": [
        "views/stock_picking_views.xml",
        "views/stock_return_picking_views.xml",
    ],
    "auto_install": True,
}
