"""The test ground: each test its own database, on real servers, with real processes."""
