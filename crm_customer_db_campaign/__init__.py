from . import models


def post_init_hook(env):
    """Have the purchases that are there attributed, a month at a time, without waiting for the night."""
    env["crm.customer.attribution.state"]._begin_all()
    env.ref("crm_customer_db_campaign.ir_cron_attribution")._trigger()
