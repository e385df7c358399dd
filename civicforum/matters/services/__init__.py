"""What people and clocks do with matters, one function per use case."""
