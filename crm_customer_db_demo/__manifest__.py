{
    "name": "Customer Database: Suministros Ebro (demo)",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "A made-up Spanish distributor with two years of real Odoo documents",
    "author": "crm_customer_db maintainers",
    "website": "https://github.com/crm-customer-db/crm_customer_db",
    "license": "LGPL-3",
    "depends": [
        "crm_customer_db",
        "l10n_es",
        "sale_management",
        "sale_stock",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
