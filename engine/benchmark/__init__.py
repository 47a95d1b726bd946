"""The paper's tables on the user's own data.

`systems` says what the rows are, `fitting` fits and scores one (`own` those of our own pipeline), `numbers` turns
scores into numbers, `table`, `page` and `plots` write them down, `comparison` does it all, resumably.
"""
