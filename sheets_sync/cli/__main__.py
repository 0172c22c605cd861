"""`python -m sheets_sync.cli` is the command `sheets-sync`."""

from sheets_sync.cli.main import main

if __name__ == "__main__":
    main()
