"""How good are the bundled students? `python -m benchmarks.student` measures it and writes a report.

All pictures are of people whom no stage of training saw (splits val, cal and test of the data recipe's seed).
"""
