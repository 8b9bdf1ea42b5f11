"""What all HTTP endpoints share: errors and problem documents, pages, request ids, limits, headers."""
