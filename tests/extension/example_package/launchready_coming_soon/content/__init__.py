"""The words of this package: the folder is named by the entry point `launchready.checklists`."""
