"""Retraining: what would be learned from, the process that does it, its queue, and watching it."""
