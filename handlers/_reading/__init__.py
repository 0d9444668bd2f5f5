"""The steps of reading one typed line; private to handlers.understand."""
