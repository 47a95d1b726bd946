"""labelme on the same files: run by labelme's own Python, as a child process of `benchmarks.curation`.

    PYTHON labelme_day.py FOLDER STEPS OUT.json

Imports nothing of ours. The window is offscreen, as ours is.
"""
