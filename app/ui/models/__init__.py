"""The models of the library: their panel, foreign files, extra scores."""
