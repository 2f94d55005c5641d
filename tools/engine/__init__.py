"""Runs the real Pulumi engine, without a cloud and without a Pulumi installation."""
