"""What the gallery shows: views, folders, histogram, filter and sort."""
