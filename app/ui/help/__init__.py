"""Help: about, diagnostics, and what is said of a crash."""
