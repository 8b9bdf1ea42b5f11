"""Everything that changed an agent's account, each with its formula and its proof."""
