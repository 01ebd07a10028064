"""Measure the service against a bare yardstick in the same run; only ratios mean anything."""
