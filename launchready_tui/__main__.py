"""The `launchready` command, and `python -m launchready_tui`."""

from launchready_tui.commands import process


def main() -> None:
    """Run the command. Ctrl+C ends it without a traceback, however early it comes."""
    process.stop_at_once()
    process.prepare_the_end()
    from launchready_tui.cli import main as run

    run()


if __name__ == "__main__":
    main()
