"""Scores, features and quality factors, computed in the background."""
