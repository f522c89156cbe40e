from . import stock_return_picking, stock_return_picking_line
