"""What the codes of payment methods mean for the customer file.

Codes of ``account.payment.method``, of ``payment.method`` and of providers, from Odoo and
from OCA's bank payment modules. A code that is not here says nothing.
"""

from odoo.tools import SQL

FORMS = {
    "cash": ("cash", "cash_on_delivery", "on_site"),
    "card": (
        *("adyen", "aps", "asiapay", "authorize", "buckaroo", "dpo", "flutterwave", "iyzico", "mercado_pago"),
        *("mollie", "nuvei", "paymob", "razorpay", "redsys", "stripe", "worldline", "xendit"),
        *("amex", "bancontact", "card", "carnet", "cartes_bancaires", "dankort", "diners", "discover", "elo"),
        *("jcb", "mada", "maestro", "mastercard", "rupay", "troy", "uatp", "unionpay", "visa"),
    ),
    "transfer": (
        *("bank_reference", "bank_transfer", "bizum", "custom", "eps", "fps", "ideal", "multibanco", "mybank"),
        *("open_banking", "p24", "pix", "sofort", "spei", "swish", "trustly", "wire_transfer"),
        *("sepa_credit_transfer", "sepa_ct"),
    ),
    "direct_debit": ("ach_direct_debit", "bacs_direct_debit", "becs_direct_debit", "sdd", "sepa_direct_debit"),
    "cheque": ("check_printing", "in_third_party_checks", "new_third_party_checks", "own_checks"),
    "bill": ("bill_of_exchange", "pagare", "promissory_note"),
    "confirming": ("confirming",),
    "financed": (
        *("affirm", "afterpay", "alma", "billink", "clearpay", "cofidis", "floa_bank", "in3", "klarna"),
        *("klarna_pay_over_time", "ratepay", "tabby", "tamara", "walley", "zip"),
    ),
    "other": ("amazon_pay", "paypal", "paysafecard"),
}


def of_code(code):
    """The form of payment that a code stands for, as SQL.

    :param code: ``SQL`` of a code
    :return: ``SQL`` of a value of ``payment_form``, NULL where the code says nothing
    """
    cases = SQL(" ").join(SQL("WHEN %s = ANY(%s) THEN %s", code, list(codes), form) for form, codes in FORMS.items())
    return SQL("(CASE %s END)", cases)
