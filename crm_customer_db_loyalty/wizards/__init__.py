from . import crm_customer_launch_wizard
