"""The other systems of the paper's Table 1 and trivial floors, behind one contract (`contract.py`). No torch here."""
