"""The same small workload in several frameworks, measured side by side: `python -m benchmarks.peers`."""
