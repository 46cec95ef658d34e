"""Settings for all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# No test may read or fill the password store of whoever runs it; processes inherit this.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
# The same examples every time, so that a red run means a change. New ones: HYPOTHESIS=explore.
settings.register_profile("steady", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS", "steady"))
