"""What `scripts/translations.py` is made of: the strings of the code, and the files of Qt Linguist."""
