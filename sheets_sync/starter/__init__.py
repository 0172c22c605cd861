"""Starter workbooks: a plan to type into, for each method and language, ready to be set up."""
