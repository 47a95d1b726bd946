"""Labels from and to files: one module per layout, on a common reader, matcher and import plan."""
