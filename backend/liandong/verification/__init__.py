"""Are the deployed contracts what the published sources say? Checked by ourselves, and told to explorers."""
