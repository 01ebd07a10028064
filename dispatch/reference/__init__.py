"""Hold what the service ships as fact: languages, places and public holidays, read once and kept.

Never reads the database, the clock or the request; never decides who fits.
"""
