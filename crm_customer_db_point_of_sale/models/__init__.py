from . import (
    account_move,
    feed_invoice,
    feed_till,
    pos_config,
    pos_order,
    pos_order_line,
    pos_payment,
    pos_payment_method,
    res_config_settings,
)
