"""Search: coarse to fine, random search, the range test."""
