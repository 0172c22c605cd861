"""An engine for the real xlwings front end, over openpyxl: what Excel would do with our orders, without Excel."""
