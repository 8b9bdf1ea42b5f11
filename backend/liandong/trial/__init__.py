"""The whole service on this machine, before an embedded chain, with a shop that lives in it (`make run`)."""
