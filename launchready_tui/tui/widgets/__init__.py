"""The widgets: how rows, bars, marks and windows are drawn."""
