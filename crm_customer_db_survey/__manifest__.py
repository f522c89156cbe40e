{
    "name": "Customer Database: Surveys",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Coded survey answers in the customer file",
    "author": "crm_customer_db maintainers",
    "website": "https://github.com/crm-customer-db/crm_customer_db",
    "license": "LGPL-3",
    "depends": [
        "crm_customer_db",
        "survey",
    ],
    "data": [
        "views/survey_question_views.xml",
        "views/survey_survey_views.xml",
    ],
    "post_init_hook": "post_init_hook",
    "auto_install": True,
}
