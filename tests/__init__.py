"""The tests; what they share: pictures.py (real small images), bundles.py (a real small model)."""
