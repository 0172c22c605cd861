"""The demonstration: a realistic plan, a week of people working in it, and the real run on it."""
