"""The demo: everything on this machine, with two customers, their websites and conversations."""
