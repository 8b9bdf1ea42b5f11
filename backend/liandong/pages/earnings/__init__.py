"""What an agent earned: free, waiting, owed, kept as deposit, by scenario, over time."""
