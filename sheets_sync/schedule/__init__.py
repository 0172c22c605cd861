"""When jobs are due, and what makes the operating system ask. Not here: running them (`run/due`)."""
