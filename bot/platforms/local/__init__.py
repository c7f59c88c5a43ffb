"""The terminal, the first platform: what is sent is printed."""
