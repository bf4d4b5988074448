"""The stateless chat runner. Deployable alone: nothing here may load Django."""

import os

# The metrics' library, when it is imported, would take an empty one for the working folder.
if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
