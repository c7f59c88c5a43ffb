"""What `verbatim run` serves over HTTP, on loopback by default."""
