"""The flow of a run, and nothing else: read, judge, begin, apply, finish. One module per thing a person can ask for:
`sync` (the run itself), `undo`, `leave`, `settle` (an interrupted run), with the pure middle in `judge`."""
