# Feeds that others build on come first.
from . import feed_action

# isort: split
from . import (
    crm_customer_segment,
    feed_blacklist,
    feed_reaction,
    feed_unsubscribe,
    link_tracker_click,
    mail_blacklist,
    mailing_contact,
    mailing_list,
    mailing_mailing,
    mailing_subscription,
    mailing_trace,
    utm_campaign,
)
