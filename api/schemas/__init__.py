"""What answers look like; apart from the tables on purpose, so that either may change."""
