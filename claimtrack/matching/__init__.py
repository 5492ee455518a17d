"""Whether two statements say the same, and whether two texts are copies. Plain Python: no Django, no I/O.

`decision.decide` is the door for statements and claims; `copies` serves articles, `identity` re-reading.
"""
