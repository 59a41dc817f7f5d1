"""The kernel: no business rule lives here, and nothing of ours above it is imported."""
