"""`python -m launchready_tui` is the `launchready` command."""

from launchready_tui.cli import main

if __name__ == "__main__":
    main()
