"""Group buys and live presales: how each stands, its orders, what becomes due; opening one."""
