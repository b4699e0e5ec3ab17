"""The project's own benchmarks: `make bench`. What is measured and why stands in docs/performance.md."""
