"""Case files (rules § 7): written histories with their exact results, played through any driver."""
