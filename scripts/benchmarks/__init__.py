"""What the benchmarks of the backend share: a chain, services as processes, databases, measuring."""
