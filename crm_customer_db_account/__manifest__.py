{
    "name": "Customer Database: Invoicing",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Invoices, arrears and returned payments in the customer file",
    "author": "crm_customer_db maintainers",
    "website": "https://github.com/crm-customer-db/crm_customer_db",
    "license": "LGPL-3",
    "depends": [
        "account",
        "crm_customer_db",
    ],
    "data": [
        "security/customer_groups.xml",
        "security/ir.model.access.csv",
        "security/ir_rules.xml",
        "views/account_journal_views.xml",
        "views/account_payment_views.xml",
        "views/crm_customer_payment_return_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "auto_install": True,
}
