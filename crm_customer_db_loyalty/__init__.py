from . import models, wizards


def uninstall_hook(env):
    """Leave no strategy behind that suggests what nobody can launch any more."""
    env["crm.customer.launch"]._kind_gone("loyalty")
