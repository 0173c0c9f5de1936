"""The window: everything the user sees, painted with Qt Widgets from what ``advisor`` answers."""
