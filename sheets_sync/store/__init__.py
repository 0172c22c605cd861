"""What is remembered between runs: history, journal of writes, runs, leases. Use it through `store.Store`.

Not here: what is decided from it (core), the workbooks, and where the store lies (config).
"""
