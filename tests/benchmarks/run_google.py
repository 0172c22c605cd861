"""One run of ours on a sheet of the local Sheets server, as a program of its own.

python run_google.py ADDRESS-OF-SERVER SHEET-ID STATE-FOLDER
"""

import sys
from pathlib import Path

from sheets_server.gspread_client import local_client

from sheets_sync.core.settings import PlanSettings
from sheets_sync.run.clock import SystemClock
from sheets_sync.run.site import Options, Site
from sheets_sync.run.sync import sync
from sheets_sync.store.store import Store
from sheets_sync.workbooks.google.http_calls import HttpCalls
from sheets_sync.workbooks.google_sheet import GoogleSheet

url, sheet_id, state = sys.argv[1:]
store = Store.open(Path(state))
sheet = GoogleSheet(HttpCalls(sheet_id, local_client(url).http_client), tabs=("Actions",))
settings = PlanSettings("p-benchmark", name="Plan", tabs=("Actions",))
site = Site(settings, sheet, store, SystemClock(), "config")
outcome = sync(site, Options(confirm=lambda _: True))
store.close()
if outcome.code:
    sys.exit(f"{outcome.ended}: {outcome.reason}")
