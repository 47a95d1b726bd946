"""About this program and its faults: licences, diagnostics without names, the log."""
