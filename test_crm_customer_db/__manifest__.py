{
    "name": "Customer Database: tests with all apps",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "summary": "Tests of the customer file that need every connected app at once",
    "author": "crm_customer_db maintainers",
    "website": "https://github.com/crm-customer-db/crm_customer_db",
    "license": "LGPL-3",
    "depends": [
        "crm_customer_db_account",
        "crm_customer_db_campaign",
        "crm_customer_db_crm",
        "crm_customer_db_duplicate",
        "crm_customer_db_loyalty",
        "crm_customer_db_mass_mailing",
        "crm_customer_db_point_of_sale",
        "crm_customer_db_sale",
        "crm_customer_db_stock",
        "crm_customer_db_survey",
        "sale_stock",
    ],
    "assets": {
        "web.assets_tests": [
            "test_crm_customer_db/static/tests/tours/**/*",
        ],
    },
}
