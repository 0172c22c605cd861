"""A workbook open in Excel: what of it is read and written how. The adapter is workbooks.excel_live."""
