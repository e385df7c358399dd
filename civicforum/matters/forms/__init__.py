"""What people type about matters, and the messages beside the fields."""
