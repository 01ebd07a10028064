"""Read what people type into forms, one module per topic: strings in, plain values and codes out.

They never decide whether a value holds for the case; that is the domain's.
"""
