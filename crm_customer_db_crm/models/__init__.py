from . import (
    calendar_attendee,
    calendar_event,
    crm_customer_activity_report,
    crm_lead,
    feed_lead,
    feed_lead_documents,
    feed_meeting,
    mail_activity,
    mail_message,
    res_partner,
)
