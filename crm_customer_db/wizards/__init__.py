from . import (
    base_partner_merge,
    base_partner_merge_activity,
    base_partner_merge_consent,
    base_partner_merge_segment,
    crm_customer_answer_wizard,
    crm_customer_consent_record,
    crm_customer_exclusion_list,
    crm_customer_launch_wizard,
    crm_customer_origin_map,
    crm_customer_past,
    crm_customer_segment_add,
    privacy_lookup_wizard,
)
