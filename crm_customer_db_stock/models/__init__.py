from . import feed_picking, stock_move, stock_picking, stock_rule
