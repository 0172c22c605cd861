"""What a user would write instead for many workbooks: hash every file, judge and flag those that changed.

    python plain_many.py FOLDER YYYY-MM-DD

The hashes of last time lie in FOLDER/hashes.json. A workbook is judged by plain_pandas_openpyxl.py, in this process.
"""

import hashlib
import json
import runpy
import sys
from pathlib import Path

folder, today = Path(sys.argv[1]), sys.argv[2]
kept = folder / "hashes.json"
before = json.loads(kept.read_text()) if kept.exists() else {}
for file in sorted(folder.glob("*.xlsx")):
    if hashlib.sha256(file.read_bytes()).hexdigest() != before.get(file.name):
        sys.argv = ["plain", str(file), today]
        runpy.run_path(str(Path(__file__).with_name("plain_pandas_openpyxl.py")))
    before[file.name] = hashlib.sha256(file.read_bytes()).hexdigest()
kept.write_text(json.dumps(before))
