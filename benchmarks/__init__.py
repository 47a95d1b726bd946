"""Measurements of speed and scale, with the peer beside us in the same run."""
