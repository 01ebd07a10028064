"""The tests; a name states the rule it proves."""
