from . import models, wizards
from .models.crm_customer_merge_log import KEPT_FILE


def uninstall_hook(env):
    """Let go of the files that were kept for merges that can be undone."""
    env["ir.attachment"].search([("res_model", "=", "crm.customer.merge.log"), ("res_field", "=", KEPT_FILE)]).unlink()
