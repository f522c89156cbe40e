{
    "name": "Customer Database: Campaigns",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "What campaigns cost, what came back and which purchases they brought, by a named rule that adds up",
    "author": "crm_customer_db maintainers",
    "website": "https://github.com/crm-customer-db/crm_customer_db",
    "license": "LGPL-3",
    "depends": [
        "crm_customer_db",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/campaign_rules.xml",
        "data/ir_cron.xml",
        "views/crm_customer_campaign_cost_views.xml",
        "views/crm_customer_attribution_views.xml",
        "views/crm_customer_campaign_result_views.xml",
        "views/utm_campaign_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "post_init_hook": "post_init_hook",
    "auto_install": True,
}
