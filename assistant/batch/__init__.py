"""Many failures at once: one export a cause."""
