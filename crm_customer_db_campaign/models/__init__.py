from . import (
    crm_customer_attribution,
    crm_customer_attribution_refresh,
    crm_customer_attribution_state,
    crm_customer_campaign_cost,
    crm_customer_campaign_result,
    crm_customer_metrics,
    res_company,
    res_config_settings,
    utm_campaign,
    utm_campaign_results,
)
