"""What a draft would have paid on past orders: the upload, how far it is, the statement."""
