from . import models, tools, wizards


def uninstall_hook(env):
    """Odoo's own tables tell us nothing any more."""
    env["crm.customer.metrics.queue"]._unwatch(("account_move", "account_move_line", "account_payment"))
