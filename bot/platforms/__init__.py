"""Where digests go: one folder a platform, and none knows another."""
