from . import models, tools


def post_init_hook(env):
    """Propose codes for the questions and answers that are there already."""
    env["survey.question"]._customer_fill_codes()
    env["survey.question.answer"]._customer_fill_codes()
