"""Everything that touches the chain: compiled contracts, JSON-RPC, deployment, the embedded node."""
