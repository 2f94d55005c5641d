"""Commands about the pack itself: its policies and its configuration."""
