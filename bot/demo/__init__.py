"""The demonstration: an invented Party committee with a year behind it, everybody's phone a tab of the page."""
