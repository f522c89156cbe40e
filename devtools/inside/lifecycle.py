"""Uninstall the addons and look for what they left; run inside ``shell.py``: ``lifecycle.py ADDON…``."""

import sys

names = sys.argv[1:]
tables = env.cr  # noqa: F821  (shell.py defines env)


def column(query, *parameters):
    """The first column of a query."""
    tables.execute(query, parameters)
    return [row[0] for row in tables.fetchall()]


_OWN = """
SELECT model FROM ir_model WHERE model LIKE 'crm.customer%%'
UNION SELECT f.model || '.' || f.name FROM ir_model_fields f JOIN ir_model_data d ON d.model = 'ir.model.fields' AND d.res_id = f.id WHERE d.module = ANY(%s)
"""
before = column(
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'S') AND relnamespace = 'public'::regnamespace AND relname LIKE 'crm\\_customer%%'"
)
if not column(_OWN, names):
    sys.exit("the addons define no model and no field: are they installed?")
modules = env["ir.module.module"].search([("name", "in", names), ("state", "=", "installed")])  # noqa: F821
modules.button_immediate_uninstall()
env.cr.commit()  # noqa: F821
left = [
    f"relation {name}"
    for name in column(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s)", before
    )
]
left += [
    f"column {name} of res_partner"
    for name in column(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'res_partner'::regclass AND attnum > 0 AND NOT attisdropped AND attname LIKE 'customer\\_%%' AND attname NOT IN ('customer_rank')"
    )
]
left += [
    f"external id {name}"
    for name in column("SELECT module || '.' || name FROM ir_model_data WHERE module = ANY(%s)", names)
]
left += [f"model {name}" for name in column("SELECT model FROM ir_model WHERE model LIKE 'crm.customer%%'")]
left += [
    f"scheduled action {name}"
    for name in column("SELECT cron_name FROM ir_cron WHERE cron_name LIKE 'Customer Database%%'")
]
left += [
    f"function {name}"
    for name in column(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'crm\\_customer%%'"
    )
]
for item in left:
    print(f"left behind: {item}")
sys.exit(1 if left else 0)
