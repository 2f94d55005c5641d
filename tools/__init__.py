"""Tools for those who work on the pack; nothing here is needed to run it."""
