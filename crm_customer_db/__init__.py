from . import models, tools, wizards


def uninstall_hook(env):
    """Take away what no table owns: the function behind the triggers on facts."""
    env.cr.execute("DROP FUNCTION IF EXISTS crm_customer_metrics_mark() CASCADE")
