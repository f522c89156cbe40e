# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may do what: one table, which the tests hold against Odoo and docs/roles.md shows.

After a wanted change, write the page anew::

    echo "from odoo.addons.crm_customer_db.tests import roles; roles.write()" \\
        | ./dev shell -d NAME
"""

from pathlib import Path

BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"
PAGE = Path(__file__).parents[2] / "docs" / "roles.md"

CONTACTS = "base.group_partner_manager"
# Role → groups of a user who has it. "Contacts" is Odoo's right to edit contacts.
ROLES = {
    "Portal": "base.group_portal",
    "Employee": "base.group_user",
    "Contacts": f"base.group_user,{CONTACTS}",
    "File: user": "crm_customer_db.group_customer_user",
    "File: data entry": "crm_customer_db.group_customer_data_entry",
    "File: marketing": "crm_customer_db.group_customer_marketing",
    "File: manager": "crm_customer_db.group_customer_manager",
    "Sales: own": f"sales_team.group_sale_salesman,{CONTACTS}",
    "Sales: all": f"sales_team.group_sale_salesman_all_leads,{CONTACTS}",
    "Sales: administrator": f"sales_team.group_sale_manager,{CONTACTS}",
    "Personal data": "base.group_user,crm_customer_db.group_personal_data",
    "Credit figures": "base.group_user,crm_customer_db.group_credit_figures",
    "Custodian": "crm_customer_db.group_data_protection",
}
PORTAL, EMPLOYEE, *_rest = ROLES
MANAGERS = ("File: manager", "Sales: administrator")
USERS = ("File: user", "File: marketing", "Sales: own", "Sales: all", *MANAGERS)
FILE = (*USERS, "File: data entry")
INSIDE = tuple(role for role in ROLES if role != PORTAL)
EDITORS = ("Contacts", "File: data entry", "Sales: own", "Sales: all", "Sales: administrator")

ALL = "rwcu"


def _row(**rights):
    """Rights per role: later ones take precedence; who is not named has none.

    :param rights: ``r``, ``rw``… to the roles that have them
    """
    return {role: right for right, roles in rights.items() for role in roles}


_CATALOGUE = _row(r=INSIDE) | _row(rwcu=MANAGERS)

# Model → role → letters: read, write, create, unlink.
MODELS = {
    "crm.customer.activity.report": _row(r=USERS),
    "crm.customer.address": _row(rw=FILE),
    "crm.customer.asset": _CATALOGUE,
    "crm.customer.best.profile": _row(r=USERS),
    "crm.customer.buying.procedure": _CATALOGUE,
    "crm.customer.call.window": _row(r=INSIDE) | _row(rwcu=(*EDITORS, "File: data entry", "File: manager")),
    "crm.customer.campaign.report": _row(r=USERS),
    "crm.customer.channel": _CATALOGUE,
    "crm.customer.consent": _row(rc=(*FILE, "Custodian")),
    "crm.customer.contact.role": _CATALOGUE,
    "crm.customer.division": _CATALOGUE,
    "crm.customer.feed.state": _row(rw=MANAGERS),
    "crm.customer.fulfilment": _row(rwc=USERS) | _row(rwcu=MANAGERS),
    "crm.customer.interaction": _row(rwc=FILE) | _row(rwcu=MANAGERS),
    "crm.customer.launch": _row(r=USERS),
    "crm.customer.launch.line": _row(r=USERS),
    "crm.customer.marketing.action": _row(r=USERS) | _row(rwc=("File: marketing",)) | _row(rwcu=MANAGERS),
    "crm.customer.marketing.reaction": _row(r=USERS) | _row(rwc=("File: marketing",)) | _row(rwcu=MANAGERS),
    "crm.customer.metrics": _row(r=USERS),
    "crm.customer.metrics.history": _row(r=USERS),
    "crm.customer.metrics.queue": _row(),
    "crm.customer.nace": _CATALOGUE,
    "crm.customer.origin": _CATALOGUE,
    "crm.customer.origin.pair": _row(r=MANAGERS),
    "crm.customer.owned.product": _row(rwc=FILE) | _row(rwcu=MANAGERS),
    "crm.customer.place": _row(r=FILE) | _row(rwcu=MANAGERS),
    "crm.customer.profession": _CATALOGUE,
    "crm.customer.purchase": _row(r=USERS) | _row(rwcu=MANAGERS),
    "crm.customer.quality.change": _row(),
    "crm.customer.quality.rule": _CATALOGUE,
    "crm.customer.quality.use": _row(r=MANAGERS),
    "crm.customer.score.run": _row(r=USERS),
    "crm.customer.segment": _row(r=USERS) | _row(rwcu=("File: marketing", *MANAGERS)),
    "crm.customer.segment.member": _row(r=USERS) | _row(rc=("File: marketing",)) | _row(rcu=MANAGERS),
    "crm.customer.stage.lock": _row(rwc=USERS) | _row(rwcu=MANAGERS),
    "crm.customer.strategy": _row(r=USERS) | _row(rwcu=MANAGERS),
    "crm.customer.strategy.month": _row(r=USERS),
    "crm.customer.survey.answer": _row(r=USERS) | _row(rwc=("File: data entry",)) | _row(rwcu=MANAGERS),
    "crm.customer.territory": _CATALOGUE,
    "crm.customer.territory.rule": _CATALOGUE,
    "crm.customer.timeline": _row(r=USERS),
    "crm.customer.title": _CATALOGUE,
    "crm.customer.value.class": _CATALOGUE,
}

# Menus of ours that each role sees, the first level below the app.
_MENUS_USER = (
    "Customers",
    "Strategies",
    "Requests",
    "Purchases",
    "Marketing",
    "Deliveries & Incidents",
    "Surveys",
    "Reporting",
)
_MENUS_MANAGER = (*_MENUS_USER, "Configuration")
MENUS = (
    dict.fromkeys(ROLES, ())
    | dict.fromkeys(USERS, _MENUS_USER)
    | dict.fromkeys(MANAGERS, _MENUS_MANAGER)
    | {"File: data entry": ("Customers", "Requests", "Surveys"), "Custodian": ("Customers", "Reporting")}
)


def rights(role, model):
    """Letters of what a role may do with a model, '' for nothing."""
    return MODELS[model].get(role, "")


def markdown():
    """The table as the page shows it."""
    lines = [
        "| | " + " | ".join(ROLES) + " |",
        "|---" * (len(ROLES) + 1) + "|",
    ]
    for model in sorted(MODELS):
        cells = (rights(role, model) or "–" for role in ROLES)
        lines.append(f"| `{model}` | " + " | ".join(cells) + " |")
    lines += ["", "| role | groups | menus of *Customer Database* |", "|---|---|---|"]
    for role, groups in ROLES.items():
        named = ", ".join(f"`{group}`" for group in groups.split(","))
        lines.append(f"| {role} | {named} | {', '.join(MENUS[role]) or '–'} |")
    return "\n".join(lines)


def generated(text):
    """The generated part of the page."""
    return text.split(BEGIN, 1)[1].split(END, 1)[0].strip()


def write():
    """Put the tables into the page, leaving the words around them."""
    text = PAGE.read_text()
    head, tail = text.split(BEGIN, 1)[0], text.split(END, 1)[1]
    PAGE.write_text(f"{head}{BEGIN}\n\n{markdown()}\n\n{END}{tail}")
