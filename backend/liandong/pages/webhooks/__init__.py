"""Where the mall is told, its secret, what it was told, sending it again."""
