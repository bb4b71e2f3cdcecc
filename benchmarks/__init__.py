"""Speed and size of the model against its targets; `python -m benchmarks` prints the table."""
