"""Replacing a workbook on disk without harm: locks, links, attributes, backups, the exchange itself.

Nothing here knows what a workbook holds; content is bytes. Start in `replacement` to follow a write.
"""
