"""What the person sets up: preferences, keys, recent libraries."""
