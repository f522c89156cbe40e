"""What a reader may read, asked once while a form is read."""

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar

# environment → field → may it be read; None when nobody reads a form
_answers = ContextVar("crm_customer_db_access", default=None)


@contextmanager
def remembered_access():
    """Remember answers of ``_has_field_access`` until the block ends.

    For blocks that only read: what changes a user's groups must not run inside. A block
    within another one shares its answers.
    """
    if _answers.get() is not None:
        yield
        return
    token = _answers.set(defaultdict(dict))
    try:
        yield
    finally:
        _answers.reset(token)


def answers(env):
    """Answers remembered for an environment.

    :return: dict field → bool to look up and to fill, or None outside such a block
    """
    remembered = _answers.get()
    return None if remembered is None else remembered[env]
