"""The laboratory: configurations in a real kernel, judged by real packets (Linux I/O)."""
