from . import crm_customer_launch, crm_customer_strategy
