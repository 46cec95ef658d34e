"""The parts of the app, each with one job. `app.py` hands them what the screens ask for."""
