"""The product's main job, end to end, as its people see it."""
