from . import models, tools, wizards


def uninstall_hook(env):
    """Take away what no table owns: the functions behind the triggers."""
    env["crm.customer.metrics.queue"]._unwatch()
