"""Labels from a file and into one."""
