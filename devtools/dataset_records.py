"""Companies and records that public data sets are loaded into; used inside Odoo."""


def company_env(env, name, country, currency, zone):
    """The environment of a company of its own, made when there is none of that name.

    A data set has a company of its own so that its amounts need no rate, its days are
    those of its place, and its customers do not stand among one's own. Every customer
    manager, the administrator among them, may switch to it.

    :param env: environment of a superuser
    :param country: XML id of a country
    :param currency: ISO code
    :param zone: name of a time zone
    :return: ``Environment`` in which the company is the only one
    """
    Company = env["res.company"]
    company = Company.search([("name", "=", name)], limit=1)
    if not company:
        unit = env["res.currency"].with_context(active_test=False).search([("name", "=", currency)])
        unit.active = True
        company = Company.create(
            {
                "name": name,
                "country_id": env.ref(country).id,
                "currency_id": unit.id,
                "customer_tz": zone,
            }
        )
    managers = env.ref("crm_customer_db.group_customer_manager").all_user_ids | env.user
    (managers - company.user_ids).write({"company_ids": [(4, company.id)]})
    context = {**env.context, "allowed_company_ids": company.ids, "tracking_disable": True}
    return env(context=context)


def ensure(model, key, vals_list, size=500):
    """Create the records that are missing; those that exist stay as people have left them.

    :param model: empty recordset, in the environment of the company
    :param key: field that tells records of the company apart
    :param vals_list: values of all records
    :return: dict of key and id
    """
    everything = model.with_context(active_test=False)
    domain = [
        (key, "in", [vals[key] for vals in vals_list]),
        ("company_id", "=", model.env.company.id),
    ]
    found = {record[key]: record.id for record in everything.search_fetch(domain, [key])}
    missing = [vals for vals in vals_list if vals[key] not in found]
    for start in range(0, len(missing), size):
        records = model.create(missing[start : start + size])
        found.update((record[key], record.id) for record in records)
        model.env.flush_all()
        model.env.invalidate_all()
    return found


def summary(result, **counts):
    """What a load did, for the line that is printed.

    :param result: ``LoadResult``
    :raise ValueError: when a row was refused: the data are known to be sound
    """
    if result.rejected:
        worst = "; ".join(f"row {error.row}: {error.message}" for error in result.errors[:5])
        raise ValueError(f"{result.rejected} rows were refused: {worst}")
    return {
        **counts,
        "new lines": result.inserted,
        "changed": result.updated,
        "unchanged": result.unchanged,
    }
