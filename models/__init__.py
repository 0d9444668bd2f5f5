"""The domain and its storage; imports no other package of the project."""
