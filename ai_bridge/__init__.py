"""The seam between the gateway and the runner: wire types, template meaning, errors and clients."""
