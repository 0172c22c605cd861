"""`python -m sheets_sync` is the command `sheets-sync`."""

from sheets_sync.cli.main import main

main()
