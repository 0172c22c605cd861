"""The store's migrations, one file per step in `versions`: only ever added to, never changed.

To add one: change `schema`, raise `schema.REVISION`, write `versions/vNNNN_what.py`; a test compares the two ways.
"""
