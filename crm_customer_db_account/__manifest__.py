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
    "auto_install": True,
}
