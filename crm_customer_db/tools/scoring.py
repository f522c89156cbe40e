"""Value classes by recency, frequency and money (RFM), without the ORM.

Scores run from 1 to 5, independently for each of the three. Ties are never split: a
score is one more than the number of cut points that a value exceeds, so that equal
customers get equal scores. Hughes, *Strategic Database Marketing* (1994), has the idea;
independent binning with ties in one bin is an option of IBM SPSS ("RFM Binning").
"""

LEVELS = 5
# Of the customers that are scored, ascending by value.
SHARES = (0.2, 0.4, 0.6, 0.8)


def score(value, cuts):
    """The score of one value.

    :param value: number or date, higher is better
    :param cuts: ascending values of the same type
    :return: int from 1 to ``len(cuts) + 1``

    >>> [score(value, (1, 1, 2, 4)) for value in (0, 1, 2, 3, 5)]
    [1, 1, 3, 4, 5]
    """
    return 1 + sum(value > cut for cut in cuts)


def cut_points(values):
    """Values below or at which a fifth, two, three and four fifths of all lie.

    The discrete percentile of PostgreSQL's ``percentile_disc``: the first value whose
    share of values up to it reaches the share asked for.

    :param values: numbers or dates, in any order
    :return: tuple of four of them, () without any values

    >>> cut_points(range(1, 11))
    (2, 4, 6, 8)
    """
    ordered = sorted(values)
    if not ordered:
        return ()
    # ceil without floats: 0.6 * 5 is 3.0000000000000004 for no good reason
    return tuple(ordered[-(-part * len(ordered) // LEVELS) - 1] for part in range(1, LEVELS))


def levels_in_use(cuts, highest):
    """How many scores those have whose fifths begin at these cut points.

    A cut point is the value of one of them, and whoever is between two scores like the upper one.

    :param cuts: what ``cut_points`` gives
    :param highest: the highest value of all
    :return: int from 1 to ``LEVELS``

    >>> levels_in_use((1, 1, 2, 4), 5), levels_in_use((1, 1, 1, 1), 1)
    (4, 1)
    """
    return len({score(value, cuts) for value in (*cuts, highest)})


def thresholds(text):
    """The four cut points of a fixed scale, as they are typed.

    :param text: str of four ascending numbers, separated by semicolons or blanks
    :return: tuple of four floats
    :raise ValueError: when it is anything else

    >>> thresholds("1; 2; 5; 10,5")
    (1.0, 2.0, 5.0, 10.5)
    """
    cuts = tuple(float(word.replace(",", ".")) for word in (text or "").replace(";", " ").split())
    if len(cuts) != LEVELS - 1 or any(
        not low < high for low, high in zip((-1, *cuts[:-1]), (*cuts[:-1], cuts[-1]), strict=True)
    ):
        raise ValueError(text)
    if not all(-1 < cut < 1e12 for cut in cuts):
        raise ValueError(text)
    return cuts


def position(recency, frequency, money):
    """Place of three scores in a grid of 125 entries, from 0.

    >>> position(1, 1, 1), position(5, 5, 5)
    (0, 124)
    """
    return ((recency - 1) * LEVELS + frequency - 1) * LEVELS + money - 1


def grid(rules):
    """For each combination of scores the first rule that holds.

    :param rules: list of (key, three pairs of lowest and highest score), in order of precedence
    :return: list of 125 keys or None, by ``position``

    >>> grid([("top", ((4, 5), (4, 5), (4, 5))), ("rest", ((1, 5), (1, 5), (1, 5)))])[-1]
    'top'
    """
    levels = range(1, LEVELS + 1)
    return [
        next(
            (
                key
                for key, ranges in rules
                if all(low <= value <= high for value, (low, high) in zip((r, f, m), ranges, strict=True))
            ),
            None,
        )
        for r in levels
        for f in levels
        for m in levels
    ]


def next_class(present, count, money, day, cuts, classes):
    """The better class that one purchase today would bring, and the least amount it takes.

    :param present: rank of the present class, lower is better
    :param count: orders in the window (int)
    :param money: amount in the window, in the company's currency
    :param day: date of the purchase
    :param cuts: cut points of recency (dates), frequency and money
    :param classes: grid of ranks, lower is better; None where there is no class
    :return: (rank, amount to be exceeded), None where one purchase brings nothing better

    >>> from datetime import date
    >>> days = (date(2026, 1, 1),) * 4
    >>> ranks = grid([(0, ((5, 5), (1, 5), (5, 5))), (1, ((1, 5), (1, 5), (1, 5)))])
    >>> next_class(1, 1, 80.0, date(2026, 6, 1), (days, (1, 2, 3, 4), (10, 20, 50, 200)), ranks)
    (0, 120.0)
    """
    recency, frequency = score(day, cuts[0]), score(count + 1, cuts[1])
    amounts = [0.0, *(cut - money for cut in cuts[2] if cut > money)]
    for amount in amounts:
        # an amount is exceeded, not reached
        money_score = score(money + amount, cuts[2]) + sum(cut == money + amount for cut in cuts[2])
        rank = classes[position(recency, frequency, min(money_score, LEVELS))]
        if rank is not None and rank < present:
            return rank, amount
    return None
