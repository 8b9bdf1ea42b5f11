"""Orders: quotes, recording singly and in bulk, their life, their proof (rules §§ 3, 4)."""
