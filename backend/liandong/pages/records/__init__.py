"""Any order, batch, account or pool taken apart, to the formula and the raw event."""
