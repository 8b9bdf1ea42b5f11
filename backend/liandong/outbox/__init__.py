"""From a business row to a mined, final transaction, exactly once."""
