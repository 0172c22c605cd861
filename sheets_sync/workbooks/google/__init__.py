"""Google Sheets: the calls, signing in, and what its JSON means. The adapter is `workbooks.google_sheet`."""
