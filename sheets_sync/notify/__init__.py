"""From a judged plan to a mail: who gets what (`owner_week`, `leader_week`, `timing`), its wording
(`render`, templates), its bytes (`message`) and its way out (`transport`, `smtp`, `files`). No store and no
configuration here: `run.mailing` joins them.
"""
