"""What a standard block explorer needs of us: the contracts' sources, published as Sourcify's repository."""
