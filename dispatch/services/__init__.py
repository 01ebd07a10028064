"""The use cases: load, ask the domain, write, commit once; actor and now are arguments."""
