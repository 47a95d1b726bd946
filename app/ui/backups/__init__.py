"""Backups, restoring and forgetting."""
