"""The rules: plain Python that decides; no I/O, no clock, no text for people."""
