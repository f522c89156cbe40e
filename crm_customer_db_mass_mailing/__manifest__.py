{
    "name": "Customer Database: Email Marketing",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Mailings and the responses to them in the customer file",
    "author": "crm_customer_db maintainers",
    "website": "https://github.com/crm-customer-db/crm_customer_db",
    "license": "LGPL-3",
    "depends": [
        "crm_customer_db",
        "mass_mailing",
    ],
    "data": [
        "security/groups.xml",
        "views/crm_customer_segment_views.xml",
    ],
    "auto_install": True,
}
