"""Large views: the loupe, two faces at once, and their canvas."""
