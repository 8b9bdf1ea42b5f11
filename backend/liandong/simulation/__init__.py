"""Case files through the contracts on a node: what `liandong simulate` does."""
