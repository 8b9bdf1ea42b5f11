"""Names, phones and addresses: sealed at rest, shown whole to their owner, masked to everybody else."""
