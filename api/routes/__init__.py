"""JSON: one file a family of addresses."""
