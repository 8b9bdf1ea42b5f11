"""The deposit: where it comes from, until when it is locked, taking it back."""
