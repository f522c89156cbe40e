from . import models


def uninstall_hook(env):
    """Odoo's own tables tell us nothing any more."""
    env["crm.customer.metrics.queue"]._unwatch(("sale_order", "sale_order_line"))
