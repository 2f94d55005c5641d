"""Rules that are data: their conditions, compiled into plain functions, and the policies that they are.

docs/rules-language.md describes the language.
"""
