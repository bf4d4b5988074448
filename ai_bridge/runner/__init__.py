"""The stateless chat runner. Deployable alone: nothing here may load Django."""
