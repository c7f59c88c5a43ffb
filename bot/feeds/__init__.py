"""Adapter: feeds and pages over HTTP, from bytes to entries."""
