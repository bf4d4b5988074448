"""The dashboards, through their doors."""
